/** The Tencent channel, where this installation uses it: one calm line while it is away, and what came early. */
import { useStore } from '../../shared/store.js';
import { timStore } from '../../shared/tim/state.js';
import { t } from '../text.js';

export function TimNotice({ conversationId }: { conversationId: string }) {
  const { phase, reason, early } = useStore(timStore, (state) => state);
  if (phase === 'off') {
    return null;
  }
  return (
    <>
      <div className="banner" role="status" data-testid="tim-notice" data-state={phase} data-reason={reason}>
        {phase === 'fallback' && t('timFallback')}
      </div>
      {early
        .filter((message) => message.conversationId === conversationId)
        .map((message) => (
          <p key={message.id} className="soft" data-testid="tim-early">
            {t('timEarly')}
            {message.text}
          </p>
        ))}
    </>
  );
}
