/** The questions of the waiting room: whoever wants answers them, unless the institution asks them of everybody. */
import { useEffect, useState } from 'react';
import type { Intake } from '../../../contract/intake.js';
import { api } from '../hotline.js';
import { useAction, useLoad } from '../parts/load.js';
import { QuestionSheet } from '../parts/question-sheet.js';
import { t } from '../text.js';

const pathOf = (conversation: string) => `/api/v1/conversations/${conversation}/intake`;

/** @param conversation null = nobody waits, nothing is asked */
export const useIntake = (conversation: string | null) =>
  useLoad(conversation, () => api.get<Intake>(pathOf(conversation ?? '')));

interface Props {
  conversation: string;
  intake: Intake | null;
  onAnswered: () => void;
}

export function IntakeButton({ conversation, intake, onAnswered }: Props) {
  const [open, setOpen] = useState(false);
  const [answers, setAnswers] = useState<Record<string, string>>({});
  const { busy, error, run } = useAction();
  const required = intake?.required === true;
  // Asked by itself where it must be answered; help and the way out stay above it.
  useEffect(() => {
    setOpen(required);
  }, [required]);
  if (intake === null || intake.questions.length === 0) {
    return null;
  }
  if (intake.answered) {
    return (
      <p className="faint" data-testid="intake-done">
        {t('intakeDone')}
      </p>
    );
  }
  const close = () => {
    setOpen(false);
  };
  const count = Object.keys(answers).length;
  return (
    <>
      <button
        type="button"
        className="button small"
        data-testid="intake-open"
        onClick={() => {
          setOpen(true);
        }}
      >
        {t('intakeOpen', { count: intake.questions.length })}
      </button>
      {open && (
        <QuestionSheet
          name="intake"
          title={t('intakeTitle')}
          hint={t(required ? 'intakeHintRequired' : 'intakeHint')}
          send={t('intakeSend')}
          questions={intake.questions}
          answers={answers}
          disabled={busy || count < (required ? intake.questions.length : 1)}
          error={error}
          onAnswer={(question, option) => {
            setAnswers({ ...answers, [question]: option });
          }}
          onClose={close}
          onSend={() =>
            void run(async () => {
              await api.post(pathOf(conversation), { answers });
              close();
              onAnswered();
            })
          }
        />
      )}
    </>
  );
}
