/** What a visitor may be asked while they wait: questions, their answers, and how soon each must be served. */
import { PlusOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { URGENCIES, type Urgency } from '../../../contract/enums.js';
import type { IntakeQuestions } from '../../../contract/intake.js';
import { Picker } from '../ui/picker.js';
import { Remove, replaced, without } from './policy-lists.js';

type Question = IntakeQuestions[number];
/** As the rule bounds them. */
const MOST_QUESTIONS = 5;
const OPTIONS = { least: 2, most: 6 };

/** The key under which an answer is kept: never shown, and never one that is there already. */
function freshId(kind: 'question' | 'option', rows: readonly { id: string }[]): string {
  let number = rows.length + 1;
  while (rows.some(({ id }) => id === `${kind}-${String(number)}`)) number += 1;
  return `${kind}-${String(number)}`;
}

const blank = (text: string) => (text.trim() === '' ? ('error' as const) : undefined);

function QuestionCard({
  question,
  number,
  set,
  remove,
}: {
  question: Question;
  number: number;
  set: (question: Question) => void;
  remove: () => void;
}) {
  const { t } = useTranslation();
  const { options } = question;
  const change = (next: Question['options']) => {
    set({ ...question, options: next });
  };
  return (
    <fieldset className="policy-question" data-testid="intake-question">
      <legend>{t('policy.questions.question', { number })}</legend>
      <div className="policy-row">
        <Input
          className="rule-words"
          value={question.text}
          maxLength={200}
          status={blank(question.text)}
          aria-label={t('policy.questions.question', { number })}
          data-testid="intake-text"
          onChange={(event) => {
            set({ ...question, text: event.target.value });
          }}
        />
        <Remove label={t('policy.remove')} run={remove} />
      </div>
      {options.map((option, at) => (
        <div key={option.id} className="policy-row is-inner">
          <Input
            className="rule-words"
            value={option.text}
            maxLength={100}
            status={blank(option.text)}
            aria-label={t('policy.questions.option', { number: at + 1 })}
            onChange={(event) => {
              change(replaced(options, at, { ...option, text: event.target.value }));
            }}
          />
          <Picker<Urgency>
            label={t('policy.words.urgency')}
            popupMatchSelectWidth={false}
            value={option.urgency}
            options={URGENCIES.map((each) => ({ value: each, label: t(`policy.words.urgencies.${each}`) }))}
            onChange={(urgency) => {
              change(replaced(options, at, { ...option, urgency }));
            }}
          />
          <Remove
            label={t('policy.remove')}
            disabled={options.length <= OPTIONS.least}
            run={() => {
              change(without(options, at));
            }}
          />
        </div>
      ))}
      <Button
        size="small"
        icon={<PlusOutlined />}
        disabled={options.length >= OPTIONS.most}
        onClick={() => {
          change([...options, { id: freshId('option', options), text: '', urgency: 'none' }]);
        }}
      >
        {t('policy.questions.addOption')}
      </Button>
    </fieldset>
  );
}

export function QuestionRules({
  value,
  set,
}: {
  value: IntakeQuestions;
  set: (value: IntakeQuestions) => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="policy-list" data-testid="intake-questions">
      <p className="state-hint is-plain">{t('policy.questions.hint')}</p>
      {value.map((question, at) => (
        <QuestionCard
          key={question.id}
          question={question}
          number={at + 1}
          set={(next) => {
            set(replaced(value, at, next));
          }}
          remove={() => {
            set(without(value, at));
          }}
        />
      ))}
      <Button
        icon={<PlusOutlined />}
        disabled={value.length >= MOST_QUESTIONS}
        data-testid="intake-add"
        onClick={() => {
          const options = (['none', 'moderate'] as const).map((urgency, at) => ({
            id: `option-${String(at + 1)}`,
            text: '',
            urgency,
          }));
          set([...value, { id: freshId('question', value), text: '', options }]);
        }}
      >
        {t('policy.questions.add')}
      </Button>
    </div>
  );
}
