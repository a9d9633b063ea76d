import { useEffect, useState } from 'react';
import { useStore } from '../../shared/store.js';
import { client, ownConversations } from '../hotline.js';
import { Header } from '../parts/header.js';
import { MessageList } from '../parts/message-list.js';
import { Problem } from '../parts/problem.js';
import { go } from '../route.js';
import { t } from '../text.js';

export function Transcript({ id }: { id: string }) {
  const view = useStore(client, (state) => state.conversations[id]);
  const [failed, setFailed] = useState(false);
  const load = () => {
    setFailed(false);
    // After a reload the list was not asked for yet.
    const known =
      client.getState().conversations[id]?.conversation != null
        ? Promise.resolve()
        : ownConversations().then((rows) => {
            rows.forEach(client.adopt);
          });
    known
      .then(() => client.load(id))
      .catch(() => {
        setFailed(true);
      });
  };
  useEffect(load, [id]);
  const conversation = view?.conversation ?? null;
  return (
    <div className="screen fixed">
      <Header
        title={t('transcriptTitle')}
        heading
        onBack={() => {
          history.back();
        }}
      />
      <main className="chat">
        <Problem text={failed ? t('loadFailed') : ''} retry={load} />
        {view !== undefined && <MessageList key={id} view={view} live={false} />}
        {conversation !== null && conversation.startTime !== null && conversation.level === null && (
          <div className="bottom-bar">
            <button
              type="button"
              className="button primary"
              data-testid="rate-now"
              onClick={() => {
                go(`/end/${id}`);
              }}
            >
              {t('rateNow')}
            </button>
          </div>
        )}
      </main>
    </div>
  );
}
