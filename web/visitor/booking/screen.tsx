/** What every screen of appointments has: head, way back, and what went wrong. */
import type { ReactNode } from 'react';
import { Header } from '../parts/header.js';
import { t as page } from '../text.js';

interface Props {
  title: string;
  testId: string;
  error: string;
  retry?: (() => void) | undefined;
  children: ReactNode;
}

export const Screen = ({ title, testId, error, retry, children }: Props) => (
  <div className="screen">
    <Header
      title={title}
      heading
      onBack={() => {
        history.back();
      }}
    />
    <main className="page" data-testid={testId}>
      {error !== '' && (
        <p className="error" role="alert">
          {error}
          {retry !== undefined && (
            <button type="button" className="link" onClick={retry}>
              {page('retry')}
            </button>
          )}
        </p>
      )}
      {children}
    </main>
  </div>
);

/** A labelled line or box to write in. */
export function Field(props: {
  label: string;
  name: string;
  value: string;
  max: number;
  rows?: number;
  type?: 'text' | 'date' | 'tel';
  least?: string;
  required?: boolean;
  disabled?: boolean;
  onChange: (value: string) => void;
}) {
  const common = {
    name: props.name,
    value: props.value,
    maxLength: props.max,
    required: props.required,
    disabled: props.disabled,
    autoComplete: 'off',
    'data-testid': `field-${props.name}`,
  };
  return (
    <label className="field">
      <span>{props.label}</span>
      {props.rows === undefined ? (
        <input
          {...common}
          type={props.type ?? 'text'}
          min={props.least}
          onInput={(event) => {
            props.onChange(event.currentTarget.value);
          }}
        />
      ) : (
        <textarea
          {...common}
          rows={props.rows}
          onInput={(event) => {
            props.onChange(event.currentTarget.value);
          }}
        />
      )}
    </label>
  );
}

/** One of a few, as buttons that are easy to hit. */
export function Choice(props: {
  label: string;
  options: readonly { value: string; label: string }[];
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <fieldset className="tags">
      <legend>{props.label}</legend>
      {props.options.map(({ value, label }) => (
        <button
          key={value}
          type="button"
          className={value === props.value ? 'tag on' : 'tag'}
          aria-pressed={value === props.value}
          data-testid={`choice-${value}`}
          onClick={() => {
            props.onChange(value);
          }}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}
