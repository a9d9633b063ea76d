import { useState } from 'react';
import type { BookingRow, ConsultantCard } from '../../../contract/consultant/order.js';
import { api, session } from '../hotline.js';
import { goInstead } from '../route.js';
import { useAction, useLoad } from '../parts/load.js';
import { Choice, Field } from '../parts/field.js';
import { Problem } from '../parts/problem.js';
import { Screen } from '../parts/screen.js';
import { t } from './text.js';

const KINDS = ['在线咨询', '线下咨询'] as const;
const GENDERS = ['male', 'female', 'other'] as const;
const DAY_MS = 86_400_000;
/** YYYY-MM-DD where the centre is: its days are days of Shanghai, wherever the phone is. */
const dayOf = (time: number) => new Date(time).toLocaleDateString('en-CA', { timeZone: 'Asia/Shanghai' });

const priceOf = (fen: number) => (fen === 0 ? t('free') : t('price', { yuan: (fen / 100).toFixed(2) }));

function Consultants({
  cards,
  onChoose,
}: {
  cards: ConsultantCard[];
  onChoose: (card: ConsultantCard) => void;
}) {
  return (
    <section>
      <h2 className="card-title">{t('choose')}</h2>
      <ul className="counselors">
        {cards.map((card) => (
          <li key={card.userID}>
            <button
              type="button"
              className="card counselor"
              data-testid="consultant"
              onClick={() => {
                onChoose(card);
              }}
            >
              <span className="counselor-words">
                <strong>{card.name}</strong>
                <small>{[card.title, card.expertise].filter((each) => each !== '').join(' · ')}</small>
                <small>{KINDS.map((kind) => `${kind} ${priceOf(card.prices[kind])}`).join('　')}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function BookingForm({ card }: { card: ConsultantCard }) {
  const [date, setDate] = useState(() => dayOf(Date.now() + DAY_MS));
  const [time, setTime] = useState('');
  const [kind, setKind] = useState<string>(KINDS[0]);
  const [gender, setGender] = useState('');
  const [said, setSaid] = useState({
    name: session.getState().me?.name ?? '',
    age: '',
    contact: '',
    keyWords: '',
  });
  const slots = useLoad(date === '' ? null : date, () =>
    api.get<string[]>(`/api/v1/consultants/${String(card.userID)}/slots?date=${encodeURIComponent(date)}`),
  );
  const { busy, error, run } = useAction();
  const write = (field: keyof typeof said) => (value: string) => {
    setSaid({ ...said, [field]: value });
  };
  const ready =
    time !== '' && gender !== '' && [said.name, said.age, said.contact].every((each) => each.trim() !== '');
  const submit = async () => {
    const { keyWords, ...client } = said;
    const row = await api.post<BookingRow>('/api/v1/bookings', {
      ...client,
      consultant: card.userID,
      type: kind,
      date,
      time,
      gender,
      keyWords: keyWords.split(/[\s,，、]+/).filter((word) => word !== ''),
    });
    goInstead(`/bookings/${String(row.id)}`);
  };
  return (
    <form
      className="card booking-form"
      onSubmit={(event) => {
        event.preventDefault();
        void run(submit);
      }}
    >
      <h2 className="card-title">{card.name}</h2>
      <Field
        label={t('day')}
        name="date"
        type="date"
        max={10}
        value={date}
        least={dayOf(Date.now())}
        onChange={(next) => {
          setDate(next);
          setTime('');
        }}
      />
      {slots.value?.length === 0 && <p className="note">{t('noSlots')}</p>}
      {slots.value !== null && slots.value.length > 0 && (
        <Choice
          label={t('when')}
          options={slots.value.map((slot) => ({ value: slot, label: slot }))}
          value={time}
          onChange={setTime}
        />
      )}
      <Choice
        label={t('kind')}
        options={KINDS.map((each) => ({ value: each, label: `${each} ${priceOf(card.prices[each])}` }))}
        value={kind}
        onChange={setKind}
      />
      <h2 className="card-title">{t('about')}</h2>
      <Field label={t('name')} name="name" max={64} value={said.name} required onChange={write('name')} />
      <Field
        label={t('age')}
        name="age"
        type="tel"
        max={3}
        value={said.age}
        required
        onChange={write('age')}
      />
      <Choice
        label={t('gender')}
        options={GENDERS.map((each) => ({ value: t(each), label: t(each) }))}
        value={gender}
        onChange={setGender}
      />
      <Field
        label={t('contact')}
        name="contact"
        max={64}
        value={said.contact}
        required
        onChange={write('contact')}
      />
      <Field
        label={t('keyWords')}
        name="keyWords"
        max={200}
        value={said.keyWords}
        onChange={write('keyWords')}
      />
      <Problem text={slots.error} />
      <Problem text={error} />
      <button type="submit" className="button primary" data-testid="book-submit" disabled={busy || !ready}>
        {t('submit')}
      </button>
    </form>
  );
}

/** 预约一位咨询师 */
export function Book() {
  const {
    value: cards,
    error,
    load,
  } = useLoad('all', () => api.get<ConsultantCard[]>('/api/v1/consultants'));
  const [card, setCard] = useState<ConsultantCard | null>(null);
  return (
    <Screen title={t('new')} testId="book" error={error} retry={load}>
      {cards?.length === 0 && <p className="empty">{t('nobody')}</p>}
      {card === null ? (
        cards !== null && cards.length > 0 && <Consultants cards={cards} onChoose={setCard} />
      ) : (
        <BookingForm card={card} />
      )}
    </Screen>
  );
}
