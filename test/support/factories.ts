/** Makes people and conversations straight through the models; only tests about log-in log in. */
import { Types } from 'mongoose';
import type { Role } from '../../contract/enums.js';
import type { User } from '../../models/user.js';
import { createSession } from '../../services/account/session.js';
import type { Actor, Ctx } from '../../services/context.js';
import { ensureDuty } from '../../services/matchmaking/seat.js';

let serial = 0;

export interface Person {
  user: User;
  id: string;
  token: string;
}

/** A person who is signed in. */
export async function makePerson(ctx: Ctx, role: Role, fields: Partial<User> = {}): Promise<Person> {
  serial += 1;
  const name = `${role.toLowerCase()}${String(serial)}`;
  const created = await ctx.models.User.create({
    userID: 1_000_000 + Math.floor(Math.random() * 1e9),
    role,
    institution: 'ecnu',
    username: `${name}-${new Types.ObjectId().toHexString()}`,
    name,
    ...(role === 'VISITOR' ? { consent: { version: 'x', at: new Date(), research: false, by: 'tap' } } : {}),
    ...fields,
  });
  const user = created.toObject();
  const { token } = await createSession(ctx, user, {});
  return { user, id: user._id.toHexString(), token };
}

/** A counselor on line with so many places. */
export async function makeCounselor(ctx: Ctx, maxConsults = 5, fields: Partial<User> = {}): Promise<Person> {
  const person = await makePerson(ctx, 'COUNSELOR', fields);
  await ensureDuty(ctx, person.user._id, person.user.institution);
  await ctx.models.Duty.updateOne(
    { _id: person.user._id },
    { $set: { maxConsults, presence: 'online', connectedUntil: null } },
  );
  return person;
}

/** The actor behind a token, as a face would find it. */
export function authenticatedActor(ctx: Ctx, token: string): Promise<Actor> {
  return ctx.sessions.authenticate(token);
}
