/** Who is waiting, in order. Assigning is the server's work, so these rows are there to be seen. */
import { ClockCircleOutlined, TeamOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { useQueue } from '../live/queue.js';
import { useNow } from '../ui/now.js';
import { EmptyState, FailedState, RowSkeletons } from '../ui/states.js';
import { roughSpan } from '../ui/time.js';
import { UrgencyTag } from '../ui/urgency.js';
import { ConversationRow } from './row.js';

export function QueueTab() {
  const { t } = useTranslation();
  const now = useNow();
  const { queue, error, retry } = useQueue();
  if (!queue) {
    return error ? (
      <FailedState title={t('queuePage.failed')} error={error} retry={retry} />
    ) : (
      <RowSkeletons />
    );
  }
  if (queue.waiting.length === 0) {
    return (
      <EmptyState icon={<TeamOutlined />} title={t('list.queueEmpty')} hint={t('list.queueEmptyHint')} />
    );
  }
  return (
    <>
      <p className="list-note">{t('list.queueHint')}</p>
      <ol className="rows" data-testid="queue">
        {queue.waiting.map((conversation, at) => (
          <li key={conversation.id}>
            <ConversationRow
              conversation={conversation}
              link={false}
              clock={
                <span className="wait">
                  <ClockCircleOutlined /> {roughSpan(now - conversation.createdTime)}
                </span>
              }
              line={
                <>
                  <UrgencyTag urgency={conversation.urgency} />
                  {t('list.position', { n: conversation.position ?? at + 1 })}
                  {conversation.requestedCounselor &&
                    ` · ${t('list.named', { name: conversation.requestedCounselor.name ?? t('common.unnamed') })}`}
                </>
              }
            />
          </li>
        ))}
      </ol>
    </>
  );
}
