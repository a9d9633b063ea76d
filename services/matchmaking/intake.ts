/**
 * The questions of the waiting room (policy `intakeQuestions`). Nobody has to answer, unless the institution asks
 * everybody (`intakeRequired`); whoever does not is served in their turn all the same. The answers stand in the transcript, sealed as every line of it, and order the line; nothing else follows from them.
 */
import { URGENCIES, type Urgency } from '../../contract/enums.js';
import type { AnswerIntake, Intake, IntakeQuestions } from '../../contract/intake.js';
import { AppError } from '../../platform/errors.js';
import type { Actor, Ctx } from '../context.js';
import { isOpen } from '../message/accept.js';
import { showEmergencyCard } from '../message/emergency-card.js';
import { postSystem } from '../message/system.js';
import { accessConversation } from '../policies/conversation.js';
import { raiseUrgency } from './urgency.js';

/** @throws AppError NOT_FOUND, FORBIDDEN */
export async function readIntake(ctx: Ctx, actor: Actor, id: string): Promise<Intake> {
  const { conversation } = await accessConversation(ctx, actor, id, 'intake');
  const { intakeQuestions, intakeRequired } = await ctx.policies.get(conversation.institution);
  const answered = conversation.intakeAt !== undefined;
  return {
    answered,
    required: intakeRequired && !answered && intakeQuestions.length > 0,
    questions: intakeQuestions.map((question) => ({
      id: question.id,
      text: question.text,
      options: question.options.map((option) => ({ id: option.id, text: option.text })),
    })),
  };
}

/**
 * Takes the answers, once; again is harmless and changes nothing.
 * @throws AppError NOT_FOUND, FORBIDDEN, CONVERSATION_ENDED, BAD_INPUT (an unknown question or option, one left out that is required)
 */
export async function answerIntake(ctx: Ctx, actor: Actor, input: AnswerIntake): Promise<void> {
  const { conversation } = await accessConversation(ctx, actor, input.id, 'intake');
  if (!isOpen(conversation)) throw new AppError('CONVERSATION_ENDED');
  if (conversation.intakeAt) return;
  const { intakeQuestions, intakeRequired } = await ctx.policies.get(conversation.institution);
  if (intakeRequired && intakeQuestions.some(({ id }) => input.answers[id] === undefined))
    throw new AppError('BAD_INPUT', { message: '请回答全部问题。' });
  const { urgency, text } = judge(intakeQuestions, input.answers);
  await raiseUrgency(ctx, conversation._id, urgency, 'INTAKE');
  await postSystem(ctx, conversation, 'sys:intake', { event: 'intake', text });
  // Whoever is in danger is shown who helps at once, before anybody is free.
  if (urgency === 'high') await showEmergencyCard(ctx, conversation, 'intake');
  await ctx.models.Conversation.updateOne(
    { _id: conversation._id },
    { $set: { intakeAt: new Date(ctx.clock.now()) } },
  );
  await ctx.conversations.reload(input.id);
}

/** The most urgent of the answers, and all of them in words. */
function judge(
  questions: IntakeQuestions,
  answers: AnswerIntake['answers'],
): { urgency: Urgency; text: string } {
  const given = questions.flatMap((question) => {
    const chosen = answers[question.id];
    if (chosen === undefined) return [];
    const option = question.options.find(({ id }) => id === chosen);
    return option ? [{ asked: question.text, option }] : [];
  });
  if (given.length !== Object.keys(answers).length)
    throw new AppError('BAD_INPUT', { message: '问题已经更新，请刷新后重新填写。' });
  return {
    urgency: URGENCIES.findLast((each) => given.some(({ option }) => option.urgency === each)) ?? 'none',
    text: given.map(({ asked, option }) => `${asked} ${option.text}`).join('\n'),
  };
}
