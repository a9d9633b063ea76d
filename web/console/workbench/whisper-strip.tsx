/** Above the reply box: what a supervisor has just said to the counselor. No visitor hears it. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useClient } from '../live/context.js';
import { markRead, useInbox } from '../live/inbox.js';
import { useThreadOf } from '../live/thread-of.js';

export function WhisperStrip({ session }: { session: string }) {
  const { t } = useTranslation();
  const client = useClient();
  const thread = useThreadOf(session)?.id;
  const unread = useInbox((state) => (thread === undefined ? 0 : (state.unread[thread] ?? 0)));
  const last = useInbox((state) => (thread === undefined ? null : (state.last[thread] ?? null)));
  if (thread === undefined || unread === 0 || !last) return null;
  return (
    <p className="whisper" role="status" data-testid="whisper-strip">
      <span>
        <b>{last.sender.name ?? t('common.unnamed')}</b> {t('supervise.whispers')}
        {last.text}
      </span>
      <Button
        size="small"
        data-testid="whisper-seen"
        onClick={() => {
          markRead(client, thread, last.seq);
        }}
      >
        {t('alarm.understood')}
      </Button>
    </p>
  );
}
