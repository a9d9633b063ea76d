/** Two institutions with the people of T11 in them, made once through the models; what a call consumes is made fresh. */
import { Types } from 'mongoose';
import type { Role } from '../../../contract/enums.js';
import type { Conversation } from '../../../models/conversation.js';
import type { User } from '../../../models/user.js';
import { ban } from '../../../services/account/ban.js';
import { hashPassword, md5OfClear } from '../../../services/account/password.js';
import { createSession, endSession } from '../../../services/account/session.js';
import type { Ctx } from '../../../services/context.js';
import { evaluate } from '../../../services/evaluation/evaluate.js';
import { acceptMessage } from '../../../services/message/accept.js';
import { sealPrivate } from '../../../services/account/private-fields.js';
import { authenticatedActor, makeCounselor, makePerson, type Person } from '../../support/factories.js';
import type { Principal } from './principals.js';

export const APPID = 'wxdemo0000000000';
/** Stands in everything that institution ecnu stores and nobody of the other may see. */
export const CANARY = 'canary7f3a';
export const CANARY_PHONE = '13955550001';
export const PASSWORD = md5OfClear('contract-tests-8620');

export type Living = Exclude<Principal, 'anonymous' | 'expired' | 'cut'>;

export interface Scene {
  ctx: Ctx;
  people: Record<Living, Person>;
  /** Of institution other: to look at what ecnu has. */
  visitorForeign: Person;
  supervisorForeign: Person;
  /** A supervisor of ecnu who is called by tests and calls nothing. */
  spareSupervisor: Person;
  /** visitorOwner's open session with counselorOwner, and its thread with supervisorCalled. */
  session: Conversation;
  thread: Conversation;
}

const FIELDS: Record<Living, [role: Role, institution: string]> = {
  visitorOwner: ['VISITOR', 'ecnu'],
  visitorOther: ['VISITOR', 'ecnu'],
  visitorBanned: ['VISITOR', 'ecnu'],
  counselorOwner: ['COUNSELOR', 'ecnu'],
  counselorColleague: ['COUNSELOR', 'ecnu'],
  counselorForeign: ['COUNSELOR', 'other'],
  supervisorBound: ['SUPERVISOR', 'ecnu'],
  supervisorCalled: ['SUPERVISOR', 'ecnu'],
  supervisorUnbound: ['SUPERVISOR', 'ecnu'],
  adminOwn: ['INSTITUTION_ADMINISTRATOR', 'ecnu'],
  adminForeign: ['INSTITUTION_ADMINISTRATOR', 'other'],
  systemAdmin: ['SYSTEM_ADMINISTRATOR', 'ecnu'],
};

let serial = 0;
export const fresh = (what: string) => `${what}${String((serial += 1))}`;

/** Somebody who can sign in, with a canary in every text of theirs when they are ecnu's. */
export async function person(
  ctx: Ctx,
  role: Role,
  institution: string,
  fields: Partial<User> = {},
): Promise<Person> {
  const mark = institution === 'ecnu' ? CANARY : 'plain';
  const written: Partial<User> = {
    institution,
    name: `${mark}-${fresh('n')}`,
    department: `${mark}部`,
    title: `${mark}称`,
    qualification: `${mark}证`,
    passwordHash: role === 'VISITOR' ? undefined : await hashPassword(ctx, PASSWORD),
    ...fields,
  };
  const made =
    role === 'COUNSELOR' ? await makeCounselor(ctx, 50, written) : await makePerson(ctx, role, written);
  const phone = institution === 'ecnu' ? CANARY_PHONE : '13600000000';
  const sealed = await sealPrivate(ctx, made.user, { phone, emergencyContact: `${mark}妈妈` });
  await ctx.models.User.updateOne({ _id: made.user._id }, { $set: sealed });
  return made;
}

export async function makeScene(ctx: Ctx): Promise<Scene> {
  const people = {} as Scene['people'];
  for (const [name, [role, institution]] of Object.entries(FIELDS) as [Living, [Role, string]][]) {
    const wechat =
      name === 'visitorOwner' ? { wechat: `${APPID}:open-${CANARY}`, openId: `open-${CANARY}` } : {};
    people[name] = await person(ctx, role, institution, wechat);
  }
  const bound = people.supervisorBound.user._id;
  await ctx.models.User.updateOne(
    { _id: people.counselorOwner.user._id },
    { $set: { supervisors: [bound] } },
  );
  await ban(ctx, await authenticatedActor(ctx, people.adminOwn.token), people.visitorBanned.id, 'contract');
  const scene: Scene = {
    ctx,
    people,
    visitorForeign: await person(ctx, 'VISITOR', 'other'),
    supervisorForeign: await person(ctx, 'SUPERVISOR', 'other'),
    spareSupervisor: await person(ctx, 'SUPERVISOR', 'ecnu'),
    session: undefined as never,
    thread: undefined as never,
  };
  const made = await makeSession(scene, { open: true });
  const id = made.session._id.toHexString();
  const visitor = await authenticatedActor(ctx, people.visitorOwner.token);
  const said = { clientMsgId: 'c1', kind: 'text' as const, text: `${CANARY} 说的话` };
  await acceptMessage(ctx, visitor, { conversationId: id, ...said });
  // A rating with words, so that rankings and comments have something to give away.
  const rated = (await endedSession(scene)).session._id.toHexString();
  const words = { level: 5, content: `${CANARY} 很好` };
  await evaluate(ctx, visitor, { conversationId: rated, objectType: 'COUNSELOR', ...words });
  return { ...scene, ...made };
}

/**
 * A running (or ended) session of visitorOwner with counselorOwner, and its thread with supervisorCalled.
 * @param fields.open marks it as the visitor's one open one: of that there can be only one
 */
export async function makeSession(
  { ctx, people }: Pick<Scene, 'ctx' | 'people'>,
  fields: Partial<Conversation> = {},
): Promise<Pick<Scene, 'session' | 'thread'>> {
  const now = ctx.clock.now();
  const counselor = people.counselorOwner.user;
  const make = async (written: Partial<Conversation>) => {
    const _id = new Types.ObjectId();
    const key = await ctx.keys.createForConversation(_id, 'ecnu');
    const institution = 'ecnu';
    const row = await ctx.models.Conversation.create({
      ...{ _id, key, institution, counselor: counselor._id, counselorName: counselor.name },
      ...written,
    });
    return row.toObject();
  };
  const session = await make({
    type: 'COUNSELING_SESSION',
    status: 'IN_PROGRESS',
    visitor: people.visitorOwner.user._id,
    visitorName: people.visitorOwner.user.name,
    startAt: new Date(now - 60_000),
    ...fields,
  });
  const over = fields.endAt ?? null;
  const supervisor = people.supervisorCalled.user._id;
  const thread = await make({
    type: 'REQUEST_SUPERVISE',
    status: over ? 'FINISHED' : 'IN_PROGRESS',
    visitor: null,
    session: session._id,
    supervisors: [supervisor],
    calls: [{ supervisor, state: 'ACCEPTED', at: new Date(now), reachedAt: new Date(now), leftAt: null }],
    startAt: new Date(now - 30_000),
    endAt: over,
    ...(over ? {} : { openThread: true as const }),
  });
  return { session, thread };
}

export const endedSession = (scene: Scene) =>
  makeSession(scene, { status: 'FINISHED', endAt: new Date(scene.ctx.clock.now()), duration: 60 });

/** A token of somebody that was good once: past its absolute end, or ended by log-out. */
export async function deadToken(ctx: Ctx, owner: Person, how: 'expired' | 'cut'): Promise<string> {
  const user = await ctx.models.User.findById(owner.user._id).lean().orFail();
  const { token, actor } = await createSession(ctx, user, {});
  const past = new Date(ctx.clock.now() - 1_000);
  if (how === 'cut') await endSession(ctx, actor.session, 'contract');
  else
    await ctx.models.Session.updateOne(
      { _id: actor.session },
      { $set: { absoluteEnd: past, idleEnd: past } },
    );
  return token;
}

/** A second log-in of the same person, for calls that end one. */
export async function anotherSession(ctx: Ctx, owner: Person): Promise<Person> {
  const user = await ctx.models.User.findById(owner.user._id).lean().orFail();
  return { ...owner, token: (await createSession(ctx, user, {})).token };
}

/** Another person of the same kind, for calls that use their caller up. */
export function twin(ctx: Ctx, { user }: Person): Promise<Person> {
  return person(ctx, user.role, user.institution, { supervisors: user.supervisors });
}
