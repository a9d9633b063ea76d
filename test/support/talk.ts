/** A session between a counselor and a visitor, words for it, and an end to all of them. */
import type { Conversation } from '../../contract/conversation.js';
import type { Ctx } from '../../services/context.js';
import { http } from './clients.js';
import { makeCounselor, makePerson, type Person } from './factories.js';

export interface Session {
  counselor: Person;
  visitor: Person;
  id: string;
}

/** The visitor asks for this counselor by name and is served at once. */
export async function openSession(
  ctx: Ctx,
  url: string,
  { cap = 5, ...fields }: { cap?: number; institution?: string } = {},
): Promise<Session> {
  const counselor = await makeCounselor(ctx, cap, fields);
  const visitor = await makePerson(ctx, 'VISITOR', fields);
  const json = { counselor: counselor.id };
  const { body } = await http(url, 'PUT', '/conversation', { token: visitor.token, json });
  return { counselor, visitor, id: (body.result as Conversation).id };
}

let serial = 0;
/** Words to send, each time under an id of their own. */
export const said = (conversationId: string, text: string) => ({
  conversationId,
  clientMsgId: `said-${String((serial += 1))}`,
  kind: 'text' as const,
  text,
});

/** Nobody is left over for the next test's counselors. */
export async function leaveNobody({ models: { Conversation, Duty } }: Ctx): Promise<void> {
  await Conversation.updateMany(
    { open: true },
    { $set: { status: 'CANCELLED', deadlines: [] }, $unset: { open: 1 } },
  );
  await Duty.updateMany({}, { $set: { presence: 'offline', seats: [] } });
}
