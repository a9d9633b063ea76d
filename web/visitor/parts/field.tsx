/** What forms are made of: a line or box to write in, and one of a few. */

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
  /** For what is typed off a slip of paper: capitals, no spelling. */
  code?: boolean;
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
    ...(props.code === true && { autoCapitalize: 'characters', spellCheck: false }),
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
