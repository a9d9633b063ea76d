/**
 * The least that the services of roster, evaluation, policy, config, consent and audit need: a database of its own
 * and a clock that stands still until told. A file per test file opens one and closes it.
 */
import { Types } from 'mongoose';
import type { Role } from '../../../contract/enums.js';
import type { Conversation } from '../../../models/conversation.js';
import type { User } from '../../../models/user.js';
import { createKeyring } from '../../../platform/keyring.js';
import { createAuditLog } from '../../../services/audit/audit.js';
import type { Actor, Ctx } from '../../../services/context.js';
import { createPolicyCache } from '../../../services/policy/policy.js';
import { createKeyStore } from '../../../services/seal/keys.js';
import { takeDatabase } from '../../support/database.js';

/** Thursday 2026-03-05, 10:00 in Shanghai, which is still Wednesday 21:00 in New York. */
export const NOW = Date.parse('2026-03-05T10:00:00+08:00');

export function fakeClock() {
  let now = NOW;
  return {
    now: () => now,
    monotonic: () => now,
    set: (to: number) => {
      now = to;
    },
    pass: (ms: number) => {
      now += ms;
    },
  };
}

let userIDs = 0;

export async function openScene() {
  const url = process.env['TEST_MONGODB_URL'];
  if (!url) throw new Error('TEST_MONGODB_URL is missing');
  const { connection: mongo, models } = await takeDatabase(url, 10);
  const clock = fakeClock();
  const keyring = createKeyring(Buffer.alloc(32, 7).toString('base64'), 'pepper');

  /** A further node on the same database, with caches of its own. */
  const node = (own = models) =>
    ({
      models: own,
      clock,
      mongo,
      keyring,
      config: { DEFAULT_INSTITUTION: 'ecnu', IM_SDK_APP_ID: undefined, IM_PROVIDER: 'built-in' },
      policies: createPolicyCache({ models: own, clock }),
      keys: createKeyStore({ models: own, keyring, clock }),
      conversations: { get: () => null, reload: () => null, drop: () => undefined },
      audit: createAuditLog({ models: own, clock }),
      // Nobody listens here.
      bus: { publish: () => undefined },
    }) as unknown as Ctx & { audit: ReturnType<typeof createAuditLog> };
  const ctx = node();

  async function user(
    role: Role,
    over: Partial<User> = {},
  ): Promise<{ row: User; actor: Actor; id: string }> {
    userIDs += 1;
    const row = (
      await models.User.create({
        userID: userIDs,
        role,
        institution: 'ecnu',
        username: `u${String(userIDs)}`,
        name: `人${String(userIDs)}`,
        ...over,
      })
    ).toObject() as User;
    const id = row._id.toHexString();
    const { userID, institution, name } = row;
    return { row, id, actor: { id, userID, role, institution, name, session: 's' } };
  }

  /** An ended session unless told otherwise. */
  async function conversation(over: Partial<Conversation> = {}): Promise<Conversation> {
    const _id = new Types.ObjectId();
    const institution = over.institution ?? 'ecnu';
    const key = await ctx.keys.createForConversation(_id, institution);
    const ended = { status: 'FINISHED' as const, startAt: new Date(NOW - 3_600_000), endAt: new Date(NOW) };
    const made = { _id, key, type: 'COUNSELING_SESSION' as const, institution, ...ended, ...over };
    return (await models.Conversation.create(made)).toObject();
  }

  return {
    ctx,
    clock,
    models,
    /** A second node: its own models object, so its own caches. */
    secondNode: () => node({ ...models }),
    user,
    conversation,
    close: () => mongo.close(),
  };
}
export type Scene = Awaited<ReturnType<typeof openScene>>;

/** The word of the AppError that a call is refused with; a call that succeeds is a failure. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return (error as { word?: string }).word ?? String(error);
  }
  return 'it was allowed';
}
