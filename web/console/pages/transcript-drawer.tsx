/** A transcript to read, beside the list it was opened from. The same thread as the workbench, without a composer. */
import { useEffect } from 'react';
import { Button, Drawer } from 'antd';
import { MessageOutlined, SearchOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversation.js';
import { RecordPanel } from '../care/record-form.js';
import { SessionReviews } from '../care/reviews.js';
import { useClient } from '../live/context.js';
import { useFind } from '../thread/find.js';
import { useTarget } from '../thread/jump.js';
import { Thread } from '../thread/thread.js';
import { useThread } from '../thread/use-thread.js';
import { EmptyState, FailedState, RowSkeletons } from '../ui/states.js';
import { NotesPanel } from '../workbench/notes.js';
import { SessionTags } from '../workbench/tags.js';
import { ConversationFacts } from '../workbench/visitor-pane.js';

function Transcript({ id, known }: { id: string; known: Conversation | undefined }) {
  const { t } = useTranslation();
  const client = useClient();
  const { view, items, loadOlder, error, retryLoad } = useThread(id);
  const find = useFind(id);
  const target = useTarget(id);
  useEffect(() => {
    if (known) client.adopt(known);
  }, [client, known]);
  const conversation = view?.conversation ?? known ?? null;
  return (
    <div className="transcript" data-testid="transcript">
      <div className="transcript-thread">
        {find.bar || (
          <Button
            className="transcript-find"
            icon={<SearchOutlined />}
            data-testid="find-open"
            onClick={find.open}
          >
            {t('find.here')}
          </Button>
        )}
        {view?.gone ? (
          <EmptyState title={t('conversation.gone')} />
        ) : error ? (
          <FailedState title={t('thread.failedLoad')} error={error} retry={retryLoad} />
        ) : !view?.loaded ? (
          <RowSkeletons rows={5} />
        ) : items.length === 0 ? (
          <EmptyState icon={<MessageOutlined />} title={t('thread.empty')} />
        ) : (
          <Thread
            items={items}
            view={view}
            conversation={conversation}
            hasOlder={view.hasOlder}
            loadingOlder={view.loadingOlder}
            loadOlder={loadOlder}
            target={target}
          />
        )}
      </div>
      {conversation && (
        <aside>
          <ConversationFacts conversation={conversation} />
          {conversation.conversationType === 'COUNSELING_SESSION' && (
            <>
              <SessionTags session={conversation.id} />
              <NotesPanel session={conversation.id} writes={false} />
            </>
          )}
          {conversation.conversationType === 'COUNSELING_SESSION' && conversation.endTime !== null && (
            <>
              <section className="record-read">
                <h4>{t('context.record')}</h4>
                <RecordPanel session={conversation.id} writer={false} />
              </section>
              <SessionReviews session={conversation.id} />
            </>
          )}
        </aside>
      )}
    </div>
  );
}

interface DrawerProps {
  id: string | null;
  known: Conversation | undefined;
  close: () => void;
}

export function TranscriptDrawer({ id, known, close }: DrawerProps) {
  const { t } = useTranslation();
  return (
    <Drawer
      open={id !== null}
      onClose={close}
      title={t('records.transcript')}
      size={Math.min(960, window.innerWidth)}
      destroyOnHidden
      classNames={{ body: 'transcript-body' }}
    >
      {id !== null && <Transcript key={id} id={id} known={known} />}
    </Drawer>
  );
}
