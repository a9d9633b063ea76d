/** The place in the queue, with something to do for the breath while it comes nearer. */
import { useState } from 'react';
import type { ConversationView } from '../../../contract/client.js';
import type { Intake } from '../../../contract/intake.js';
import { clock } from '../parts/format.js';
import { nameOf } from '../parts/person.js';
import { askForNotice, noticeState } from '../phone.js';
import { t } from '../text.js';
import { IntakeButton } from './intake-sheet.js';
import { ReturnCodeButton } from './return-code.js';
import { WishButton } from './wish-sheet.js';

/** Asked by a tap and only here, where it is of use; where the phone can't, nothing is said of it. */
function Notice() {
  const [state, setState] = useState(noticeState);
  if (state === 'absent') {
    return null;
  }
  if (state === 'on') {
    return (
      <p className="faint" data-testid="notice-on">
        {t('noticeOn')}
      </p>
    );
  }
  return (
    <button
      type="button"
      className="button small"
      data-testid="notice-ask"
      onClick={() => {
        void askForNotice().then(setState);
      }}
    >
      {t('noticeAsk')}
    </button>
  );
}

/** A number of seconds is a promise that nobody can keep; a range is honest. */
function expected(wait: number | null, least: number | null): string | null {
  if (wait === null) {
    return null;
  }
  if (wait <= 120) {
    return t('expectedSoon');
  }
  return t('expectedWait', { from: Math.max(1, Math.floor((least ?? 0) / 60)), to: Math.ceil(wait / 60) });
}

interface Props {
  view: ConversationView;
  intake: Intake | null;
  onAnswered: () => void;
  onLeave: () => void;
}

export function WaitingCard({ view, intake, onAnswered, onLeave }: Props) {
  const { conversation, place } = view;
  const position = place?.position ?? conversation?.position ?? null;
  const wait = expected(
    place?.wait ?? conversation?.wait ?? null,
    place?.waitLeast ?? conversation?.waitLeast ?? null,
  );
  const asked = conversation?.requestedCounselor ?? null;
  const small = view.rows.length > 0;
  return (
    <section
      className={small ? 'waiting small' : 'waiting'}
      data-testid="waiting"
      aria-label={t('waitingTitle')}
    >
      <div className="place">
        <span className="breath" aria-hidden="true" />
        <strong data-testid="position">{position ?? '…'}</strong>
      </div>
      <div className="waiting-words">
        <h1>{asked === null ? t('waitingTitle') : t('waitingFor', { name: nameOf(asked) })}</h1>
        <p role="status">
          {position !== null && (position <= 1 ? t('next') : t('ahead', { count: position - 1 }))}
          {wait !== null && <span className="expected">{wait}</span>}
        </p>
        {!small && (
          <>
            <p className="soft">{t('waitingHint')}</p>
            {conversation?.waitDeadline != null && (
              <p className="faint">{t('waitingUntil', { time: clock(conversation.waitDeadline) })}</p>
            )}
            <p className="faint breathe">{t('breathe')}</p>
            <Notice />
          </>
        )}
        {conversation !== null && (
          <div className="waiting-more">
            <IntakeButton conversation={conversation.id} intake={intake} onAnswered={onAnswered} />
            <WishButton conversation={conversation.id} />
            <ReturnCodeButton />
          </div>
        )}
        <button type="button" className="button quiet" data-testid="leave-queue" onClick={onLeave}>
          {t('leaveQueue')}
        </button>
      </div>
    </section>
  );
}
