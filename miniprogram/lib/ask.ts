/** What somebody who waits may be asked: the institution's questions, and whom they would like. Nobody has to answer. */
import type { Intake } from '../../contract/intake.js';
import type { Wish } from '../../contract/wish.js';
import { api } from './hotline.js';
import { t } from './words.js';

export interface Question {
  /** Of the question of an intake, or the kind of a wish. */
  id: string;
  of: 'intake' | 'wish';
  text: string;
  options: { id: string; text: string }[];
  /** The id of an option; '' = nothing chosen, for a wish: none. */
  chosen: string;
}

const KINDS = [
  ['skill', 'skills', 'wishSkill'],
  ['language', 'languages', 'wishLanguage'],
  ['gender', 'genders', 'wishGender'],
] as const;
const pathOf = (conversation: string, of: Question['of']) => `/api/v1/conversations/${conversation}/${of}`;

/**
 * @returns `required`: nothing is written before the institution's questions are answered
 * @throws HotlineError
 */
export async function readQuestions(
  conversation: string,
): Promise<{ questions: Question[]; required: boolean }> {
  const [intake, wish] = await Promise.all([
    api.get<Intake>(pathOf(conversation, 'intake')),
    api.get<Wish>(pathOf(conversation, 'wish')),
  ]);
  const asked = intake.answered ? [] : intake.questions;
  const questions = [
    ...asked.map(({ id, text, options }) => ({ id, of: 'intake' as const, text, options, chosen: '' })),
    ...KINDS.filter(([, all]) => wish[all].length > 0).map(([id, all, label]) => ({
      ...{ id, of: 'wish' as const, text: t(label), chosen: wish[id] ?? '' },
      options: [{ id: '', text: t('wishAny') }, ...wish[all].map((word) => ({ id: word, text: word }))],
    })),
  ];
  return { questions, required: intake.required };
}

/** Sends what was answered, and what is wished for. @throws HotlineError */
export async function sendAnswers(conversation: string, questions: Question[]): Promise<void> {
  const chosen = (of: Question['of']) => questions.filter((question) => question.of === of);
  const answers = chosen('intake').filter((question) => question.chosen !== '');
  if (answers.length > 0) {
    await api.post(pathOf(conversation, 'intake'), {
      answers: Object.fromEntries(answers.map(({ id, chosen: option }) => [id, option])),
    });
  }
  const wishes = chosen('wish');
  if (wishes.length > 0) {
    await api.put(
      pathOf(conversation, 'wish'),
      Object.fromEntries(wishes.map(({ id, chosen: word }) => [id, word === '' ? null : word])),
    );
  }
}
