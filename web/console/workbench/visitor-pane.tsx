/** Who the visitor is and how the conversation went. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversation.js';
import { Avatar } from '../ui/avatar.js';
import { useStatusWord } from '../ui/labels.js';
import { useNow } from '../ui/now.js';
import { dateTime, roughSpan } from '../ui/time.js';

function Facts({ rows }: { rows: [label: string, value: ReactNode][] }) {
  return (
    <dl className="facts">
      {rows
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

export function Stars({ level }: { level: number }) {
  const { t } = useTranslation();
  return (
    <span className="stars" role="img" aria-label={t('visitor.stars', { n: level })}>
      {'★'.repeat(level)}
      <i>{'★'.repeat(Math.max(0, 5 - level))}</i>
    </span>
  );
}

export function ConversationFacts({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const statusWord = useStatusWord();
  const { visitor, counselor, createdTime, startTime, endTime, limitTime, duration, endCause, level } =
    conversation;
  const moment = (time: number | null) => (time === null ? null : dateTime(time, now));
  const ended = endTime !== null;
  return (
    <div className="visitor-pane" data-testid="visitor-pane">
      <header>
        <Avatar user={visitor} size={56} />
        <div>
          <h3>{visitor?.name ?? t('common.unnamed')}</h3>
          <span className={`status is-${conversation.status}`}>{statusWord(conversation.status)}</span>
        </div>
      </header>
      <section>
        <h4>{t('visitor.profile')}</h4>
        <Facts
          rows={[
            [t('visitor.gender'), visitor?.gender],
            [t('visitor.channel'), t(`channel.${conversation.channel}`)],
            [t('visitor.counselor'), counselor?.name],
          ]}
        />
      </section>
      <section>
        <h4>{t('visitor.times')}</h4>
        <Facts
          rows={[
            [t('visitor.created'), moment(createdTime)],
            [t('visitor.waited'), startTime === null ? null : roughSpan(startTime - createdTime)],
            [t('visitor.started'), moment(startTime)],
            [t('visitor.limit'), ended ? null : moment(limitTime)],
            [t('visitor.ended'), moment(endTime)],
            [t('visitor.duration'), duration === null ? null : roughSpan(duration * 1000)],
            [t('visitor.cause'), endCause === null ? null : t(`cause.${endCause}`)],
          ]}
        />
      </section>
      {ended && (
        <section>
          <h4>{t('visitor.rating')}</h4>
          <p className="rating" data-testid="rating" data-level={level ?? ''}>
            {level === null ? t('visitor.noRating') : <Stars level={level} />}
          </p>
        </section>
      )}
    </div>
  );
}
