/** After a conversation: first a quiet word, then, if one likes, a rating. */
import { useEffect, useRef, useState } from 'react';
import { endedWords } from '../../../contract/client/ended.js';
import { useStore } from '../../shared/store.js';
import { client } from '../hotline.js';
import { CrisisLines } from '../parts/emergency.js';
import { Header } from '../parts/header.js';
import { Icon } from '../parts/icons.js';
import { go, goInstead } from '../route.js';
import { t } from '../text.js';
import { Rating } from './rating.js';

export function Ended({ id }: { id: string }) {
  const conversation = useStore(client, (state) => state.conversations[id]?.conversation ?? null);
  const [rated, setRated] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  useEffect(() => {
    if (conversation === null) {
      goInstead('/');
    }
  }, [conversation]);
  if (conversation === null) {
    return null;
  }
  const unserved = conversation.startTime === null;
  const nobody = conversation.status === 'EXPIRED';
  const mayRate = !unserved && conversation.level === null;
  return (
    <div className="screen">
      <Header title={t('appName')} />
      <main className="page ended" data-testid="ended" data-status={conversation.status}>
        <div className="hero">
          <span className="breath" aria-hidden="true">
            <Icon name="heart" filled />
          </span>
          <h1 ref={heading} tabIndex={-1}>
            {nobody ? t('endedNobodyTitle') : unserved ? t('endedLeft') : t('endedThanks')}
          </h1>
          {!(unserved && !nobody) && (
            <p className="soft">
              {nobody
                ? t('endedNobody')
                : endedWords(conversation)
                    .map((word) => t(word))
                    .join('\n')}
            </p>
          )}
        </div>
        {unserved && (
          <section className="card">
            <h2 className="card-title">{t('crisisTitle')}</h2>
            <CrisisLines />
          </section>
        )}
        {mayRate && !rated && (
          <Rating
            id={id}
            onDone={() => {
              setRated(true);
              // The stars are no push; the history shall show them all the same.
              client.sync([id]).catch(() => undefined);
            }}
          />
        )}
        {rated && (
          <p className="thanks" role="status" data-testid="rated">
            <Icon name="check" />
            {t('rateThanks')}
          </p>
        )}
        <div className="choices">
          <button
            type="button"
            className={mayRate && !rated ? 'button' : 'button primary'}
            data-testid="go-home"
            onClick={() => {
              goInstead('/');
            }}
          >
            {t('backHome')}
          </button>
          {!unserved && (
            <button
              type="button"
              className="button quiet"
              data-testid="see-transcript"
              onClick={() => {
                go(`/history/${id}`);
              }}
            >
              {t('seeTranscript')}
            </button>
          )}
        </div>
      </main>
    </div>
  );
}
