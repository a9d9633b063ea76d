/** Two rules that are lists: keywords that mark messages, and the template of the record. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Checkbox, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { URGENCIES, type Urgency } from '../../../contract/enums.js';
import type { RecordTemplate } from '../../../contract/session-record.js';
import { Picker } from '../ui/picker.js';

export interface WordRule {
  id: string;
  words: string[];
  urgency?: Urgency;
}

export const without = <T,>(rows: readonly T[], at: number) => rows.filter((_, index) => index !== at);
export const replaced = <T,>(rows: readonly T[], at: number, row: T) =>
  rows.map((before, index) => (index === at ? row : before));

export function Remove({
  label,
  disabled = false,
  run,
}: {
  label: string;
  disabled?: boolean;
  run: () => void;
}) {
  return (
    <Button
      type="text"
      danger
      disabled={disabled}
      icon={<DeleteOutlined />}
      aria-label={label}
      onClick={run}
    />
  );
}

export function WordRules({ value, set }: { value: WordRule[]; set: (value: WordRule[]) => void }) {
  const { t } = useTranslation();
  return (
    <div className="policy-list" data-testid="word-rules">
      <p className="state-hint is-plain">{t('policy.words.hint')}</p>
      {value.map((rule, at) => (
        <div key={at} className="policy-row">
          <Input
            className="rule-id"
            value={rule.id}
            maxLength={40}
            aria-label={t('policy.words.id')}
            onChange={(event) => {
              set(replaced(value, at, { ...rule, id: event.target.value }));
            }}
          />
          <Picker<string[]>
            mode="tags"
            open={false}
            suffixIcon={null}
            className="rule-words"
            label={t('policy.words.words')}
            tokenSeparators={['、', '，', ',']}
            value={rule.words}
            data-testid="rule-words"
            onChange={(words) => {
              set(replaced(value, at, { ...rule, words }));
            }}
          />
          <Picker<Urgency>
            label={t('policy.words.urgency')}
            data-testid="rule-urgency"
            popupMatchSelectWidth={false}
            value={rule.urgency ?? 'none'}
            options={URGENCIES.map((each) => ({ value: each, label: t(`policy.words.urgencies.${each}`) }))}
            onChange={(urgency) => {
              set(replaced(value, at, { ...rule, urgency }));
            }}
          />
          <Remove
            label={t('policy.remove')}
            run={() => {
              set(without(value, at));
            }}
          />
        </div>
      ))}
      <Button
        icon={<PlusOutlined />}
        onClick={() => {
          set([...value, { id: `rule-${String(value.length + 1)}`, words: [] }]);
        }}
      >
        {t('policy.add')}
      </Button>
    </div>
  );
}

export function TemplateRule({
  value,
  set,
}: {
  value: RecordTemplate;
  set: (value: RecordTemplate) => void;
}) {
  const { t } = useTranslation();
  const fields = (next: RecordTemplate['fields']) => {
    set({ ...value, fields: next });
  };
  return (
    <div className="policy-list" data-testid="template-rule">
      <p className="state-hint is-plain">{t('policy.template.hint')}</p>
      <label className="labelled">
        {t('policy.template.version')}
        <Input
          className="rule-id"
          value={value.version}
          maxLength={64}
          data-testid="template-version"
          onChange={(event) => {
            set({ ...value, version: event.target.value });
          }}
        />
      </label>
      {value.fields.map((field, at) => (
        <div key={at} className="policy-row">
          <Input
            className="rule-id"
            value={field.id}
            maxLength={40}
            aria-label={t('policy.template.id')}
            onChange={(event) => {
              fields(replaced(value.fields, at, { ...field, id: event.target.value }));
            }}
          />
          <Input
            className="rule-words"
            value={field.label}
            maxLength={60}
            aria-label={t('policy.template.label')}
            onChange={(event) => {
              fields(replaced(value.fields, at, { ...field, label: event.target.value }));
            }}
          />
          <Checkbox
            checked={field.required}
            onChange={(event) => {
              fields(replaced(value.fields, at, { ...field, required: event.target.checked }));
            }}
          >
            {t('policy.template.required')}
          </Checkbox>
          <Remove
            label={t('policy.remove')}
            run={() => {
              fields(without(value.fields, at));
            }}
          />
        </div>
      ))}
      <Button
        icon={<PlusOutlined />}
        onClick={() => {
          const id = `field-${String(value.fields.length + 1)}`;
          fields([...value.fields, { id, label: '', required: false }]);
        }}
      >
        {t('policy.add')}
      </Button>
    </div>
  );
}
