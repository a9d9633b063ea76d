/** Risk of one session: what keywords marked, the scale, and its case. */
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Mark } from '../../../contract/risk.js';
import { useClient, useConversation } from '../live/context.js';
import { useCaseOf, useMarks, useRenewCare } from './api.js';
import { RiskCasePanel } from './risk-case.js';
import { Scale } from './scale.js';

function Marks({ session }: { session: string }) {
  const { t } = useTranslation();
  const marks = useMarks(session);
  const client = useClient();
  const renew = useRenewCare();
  const messages = useConversation(session)?.messages ?? [];
  useEffect(
    () =>
      client.onPush((event, payload) => {
        if (event === 'message:marked' && (payload as Mark).conversationId === session) void renew();
      }),
    [client, renew, session],
  );
  if (!marks.data || marks.data.length === 0) return null;
  return (
    <section data-testid="marks">
      <h4>{t('risk.marks')}</h4>
      <p className="state-hint is-plain">{t('risk.marksHint')}</p>
      <ul className="calls-made">
        {marks.data.map(({ seq, rules }) => (
          <li key={seq} className="mark">
            <b>{rules.join('、')}</b>
            <span>{messages.find((message) => message.seq === seq)?.text ?? t('risk.markAt', { seq })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function RiskPanel({ session }: { session: string }) {
  const { t } = useTranslation();
  const found = useCaseOf(session);
  return (
    <div className="visitor-pane">
      <Marks session={session} />
      <Scale session={session} mayFill />
      <section>
        <h4>{t('risk.case')}</h4>
        {found.data ? (
          <RiskCasePanel id={found.data.id} />
        ) : (
          <p className="state-hint is-plain">{t('risk.noCase')}</p>
        )}
      </section>
    </div>
  );
}
