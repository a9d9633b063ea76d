/** A sheet of questions with one answer each. Nobody has to give any: there is always a way past it. */
import { t } from '../text.js';
import { Problem } from './problem.js';
import { Sheet } from './sheet.js';

interface Question {
  id: string;
  text: string;
  options: readonly { id: string; text: string }[];
}

export const QuestionSheet = (props: {
  /** Of what is asked, for ids: `intake`, `wish`. */
  name: string;
  title: string;
  hint: string;
  send: string;
  questions: readonly Question[];
  answers: Readonly<Record<string, string>>;
  disabled: boolean;
  error: string;
  onAnswer: (question: string, option: string) => void;
  onSend: () => void;
  onClose: () => void;
}) => (
  <Sheet
    title={props.title}
    testId={`${props.name}-sheet`}
    onClose={props.onClose}
    footer={
      <>
        <button type="button" className="button" onClick={props.onClose}>
          {t('intakeLater')}
        </button>
        <button
          type="button"
          className="button primary"
          data-testid={`${props.name}-send`}
          disabled={props.disabled}
          onClick={props.onSend}
        >
          {props.send}
        </button>
      </>
    }
  >
    <p className="soft">{props.hint}</p>
    {props.questions.map((question) => (
      <fieldset key={question.id}>
        <legend>{question.text}</legend>
        {question.options.map((option) => (
          <label key={option.id} className="check">
            <input
              type="radio"
              name={question.id}
              data-testid={`${props.name}-${question.id}-${option.id}`}
              checked={props.answers[question.id] === option.id}
              onChange={() => {
                props.onAnswer(question.id, option.id);
              }}
            />
            <span>{option.text}</span>
          </label>
        ))}
      </fieldset>
    ))}
    <Problem text={props.error} />
  </Sheet>
);
