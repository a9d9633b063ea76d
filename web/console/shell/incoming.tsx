/** Above every page: whom this counselor is asked to take, with the time that is left to say yes. */
import { useCallback } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Transfer, TransferClosed } from '../../../contract/transfer.js';
import { send } from '../api/http.js';
import { OFFERS, TRANSFERS, useIncomingRunner, useOffers, useTransfers } from '../live/incoming.js';
import { useMe } from '../state/session.js';
import { useNow } from '../ui/now.js';
import { sentenceOf } from '../ui/problem.js';
import { go } from '../ui/route.js';
import { countdown } from '../ui/time.js';

interface Asked {
  id: string;
  words: string;
  until: number;
  note: Transfer['note'];
  accept: string;
  decline: string;
}

function Left({ until }: { until: number }) {
  const now = useNow();
  return (
    <span className="number" role="timer">
      {countdown(until - now)}
    </span>
  );
}

function Note({ note }: { note: Transfer['note'] }) {
  const { t } = useTranslation();
  if (note === null) return null;
  return (
    <dl className="facts incoming-note">
      {(['state', 'risk', 'plan', 'next'] as const).map(
        (part) =>
          note[part] && (
            <div key={part}>
              <dt>{t(`transfer.note.${part}`)}</dt>
              <dd>{note[part]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function Row({ asked }: { asked: Asked }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { message } = App.useApp();
  const answering = useMutation({
    mutationFn: (verb: string) => send('POST', `/api/v1/conversations/${asked.id}/${verb}`, {}),
    onSuccess: (_answer, verb) => {
      if (verb === asked.accept) go('workbench', asked.id);
    },
    onError: (error) => void message.error(sentenceOf(error)),
    // Whatever came of it: what stands now is the server's to say.
    onSettled: () =>
      Promise.all([
        cache.invalidateQueries({ queryKey: OFFERS }),
        cache.invalidateQueries({ queryKey: TRANSFERS }),
      ]),
  });
  return (
    <div className="incoming-row" data-testid="incoming" data-id={asked.id}>
      <p role="alert">{asked.words}</p>
      <Left until={asked.until} />
      <span className="incoming-answers">
        <Button
          type="primary"
          loading={answering.isPending}
          data-testid="incoming-accept"
          onClick={() => {
            answering.mutate(asked.accept);
          }}
        >
          {t('incoming.accept')}
        </Button>
        <Button
          disabled={answering.isPending}
          data-testid="incoming-decline"
          onClick={() => {
            answering.mutate(asked.decline);
          }}
        >
          {t('incoming.decline')}
        </Button>
      </span>
      <Note note={asked.note} />
    </div>
  );
}

export function Incoming() {
  const { t } = useTranslation();
  const me = useMe();
  const { message } = App.useApp();
  const now = useNow(5_000);
  const settled = useCallback(
    ({ outcome }: TransferClosed) => void message.info(t(`transfer.outcome.${outcome}`), 6),
    [message, t],
  );
  useIncomingRunner(settled);
  const offers = useOffers().map((offer): Asked => ({
    id: offer.conversation.id,
    words: t('incoming.offer', { visitor: offer.conversation.visitor?.name ?? t('common.unnamed') }),
    until: offer.until,
    note: null,
    accept: 'accept',
    decline: 'decline',
  }));
  const transfers = useTransfers()
    .filter(({ to }) => to?.id === me.id)
    .map((transfer): Asked => ({
      id: transfer.conversation.id,
      words: t(transfer.kind === 'HIGH_RISK' ? 'incoming.highRisk' : 'incoming.transfer', {
        from: transfer.from?.name ?? t('common.unnamed'),
        visitor: transfer.conversation.visitor?.name ?? t('common.unnamed'),
      }),
      until: transfer.until,
      note: transfer.note,
      accept: 'transfer-accept',
      decline: 'transfer-decline',
    }));
  const open = [...offers, ...transfers].filter(({ until }) => until > now);
  if (open.length === 0) return null;
  return (
    <section className="incoming" aria-label={t('incoming.label')}>
      {open.map((asked) => (
        <Row key={asked.id} asked={asked} />
      ))}
    </section>
  );
}
