/** 登记信息: what the visitor tells their consultant beforehand (the personal profile of the booking). */
import { useState } from 'react';
import type { PersonalProfileAnswer } from '../../../contract/consultant/consultation.js';
import { api } from '../hotline.js';
import { useAction, useLoad } from '../parts/load.js';
import { Field } from '../parts/field.js';
import { Problem } from '../parts/problem.js';
import { t } from './text.js';

const LINES = [
  'name',
  'gender',
  'age',
  'education',
  'occupation',
  'maritalStatus',
  'contact',
  'referral',
] as const;
const BOXES = ['complaint', 'goal'] as const;
const EMERGENCY = ['name', 'relationship', 'phone'] as const;
/** Shortest of the contract's limits for such a field (contract/consultant/intake.ts). */
const MAX = { gender: 16, age: 16, maritalStatus: 32, referral: 200 } as Partial<Record<string, number>>;

type Lines = Readonly<Record<string, string>>;

/** A blank is sent only where something stood, which it clears. */
const told = (now: Lines, before: Lines) =>
  Object.fromEntries(
    Object.entries(now).filter(([field, value]) => value.trim() !== '' || (before[field] ?? '') !== ''),
  );

function Form({ path, profile, open }: { path: string; profile: PersonalProfileAnswer; open: boolean }) {
  const [form, setForm] = useState(profile);
  /** As the house has it. */
  const [stored, setStored] = useState(profile);
  const [saved, setSaved] = useState(false);
  const { busy, error, run } = useAction();
  const change = (next: PersonalProfileAnswer) => {
    setSaved(false);
    setForm(next);
  };
  return (
    <form
      className="card booking-form"
      data-testid="intake"
      onSubmit={(event) => {
        event.preventDefault();
        void run(async () => {
          // The ID number is asked for by nobody here, so it is not sent back either.
          const { id: _id, emergencyContact, ...lines } = form;
          const { id: _was, emergencyContact: contact, ...before } = stored;
          const whom = told(emergencyContact, contact);
          await api.put(path, {
            ...told(lines, before),
            ...(Object.keys(whom).length > 0 && { emergencyContact: whom }),
          });
          setStored(form);
          setSaved(true);
        });
      }}
    >
      <h2 className="card-title">{t('intake')}</h2>
      <p className="soft">{open ? t('intakeHint') : t('closed')}</p>
      {LINES.map((field) => (
        <Field
          key={field}
          label={t(field)}
          name={field}
          max={MAX[field] ?? 64}
          value={form[field]}
          disabled={!open}
          onChange={(value) => {
            change({ ...form, [field]: value });
          }}
        />
      ))}
      {BOXES.map((field) => (
        <Field
          key={field}
          label={t(field)}
          name={field}
          max={5_000}
          rows={4}
          value={form[field]}
          disabled={!open}
          onChange={(value) => {
            change({ ...form, [field]: value });
          }}
        />
      ))}
      <fieldset className="booking-form">
        <legend>{t('emergency')}</legend>
        {EMERGENCY.map((field) => (
          <Field
            key={field}
            label={t(field)}
            name={`emergency-${field}`}
            max={32}
            value={form.emergencyContact[field]}
            disabled={!open}
            onChange={(value) => {
              change({ ...form, emergencyContact: { ...form.emergencyContact, [field]: value } });
            }}
          />
        ))}
      </fieldset>
      <Problem text={error} />
      {open && (
        <button type="submit" className="button primary" data-testid="intake-save" disabled={busy}>
          {t('save')}
        </button>
      )}
      <p className="faint" role="status">
        {saved ? t('saved') : ''}
      </p>
    </form>
  );
}

export function Intake({ booking, open }: { booking: number; open: boolean }) {
  const path = `/api/v1/bookings/${String(booking)}/intake`;
  const { value, error } = useLoad(path, () => api.get<PersonalProfileAnswer>(path));
  if (error !== '') {
    return <Problem text={error} />;
  }
  return value === null ? null : <Form key={path} path={path} profile={value} open={open} />;
}
