/** Making and ending sessions. Whether one still holds is session-cache.ts's to say. */
import { randomBytes } from 'node:crypto';
import type { Types } from 'mongoose';
import type { Role } from '../../contract/enums.js';
import type { Session } from '../../models/session.js';
import type { User } from '../../models/user.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { appendCutoff, raiseSession, raiseUserVersion } from './cutoff.js';
import { sessionIdOf, signToken, tokenKey } from './token.js';

const HOUR = 3_600_000;

/** Milliseconds; no document has a call to refresh a token, so the absolute end is the token's too. */
export function lifeOf(role: Role, face?: Session['face']): { absolute: number; idle: number } {
  // The second document's client keeps its token and has no call to renew it.
  if (face === 'consultant') return { absolute: 7 * 24 * HOUR, idle: 7 * 24 * HOUR };
  return role === 'VISITOR'
    ? { absolute: 30 * 24 * HOUR, idle: 30 * 24 * HOUR }
    : { absolute: 12 * HOUR, idle: 12 * HOUR };
}

export type SessionUser = Pick<User, 'userID' | 'role' | 'institution' | 'name' | 'version'> & {
  _id: Types.ObjectId;
};

export function actorOf(user: Omit<SessionUser, 'version'>, session: string): Actor {
  return {
    id: user._id.toHexString(),
    userID: user.userID,
    role: user.role,
    institution: user.institution,
    name: user.name,
    session,
  };
}

/**
 * A log-in that succeeded.
 * @param user as it was read BEFORE the credentials were checked: what was cut off in between is then below the
 *   user's version and never comes to life
 * @param options.device what the client called itself, for a list of log-ins
 * @param options.face which API's log-in it is; decides how long it lives
 */
export async function createSession(
  ctx: Ctx,
  user: SessionUser,
  options: { device?: string; face?: Session['face'] } = {},
): Promise<{ token: string; expiresAt: Date; actor: Actor }> {
  const sid = randomBytes(16).toString('base64url');
  const now = ctx.clock.now();
  const life = lifeOf(user.role, options.face);
  const session = {
    _id: sessionIdOf(sid),
    user: user._id,
    userVersion: user.version,
    version: 1,
    device: options.device?.slice(0, 200) ?? null,
    ...(options.face === undefined ? {} : { face: options.face }),
    createdAt: new Date(now),
    idleEnd: new Date(now + life.idle),
    absoluteEnd: new Date(now + life.absolute),
    endedAt: null,
    endReason: null,
  };
  await ctx.models.Session.create(session);
  return {
    token: signToken(
      tokenKey(ctx.config.JWT_SECRET),
      { sid, ver: session.version },
      now,
      now + life.absolute,
    ),
    expiresAt: session.absoluteEnd,
    actor: actorOf(user, session._id),
  };
}

/** Safe to repeat: a repetition raises once more, in case the first one broke off before its row stood. */
export async function endSession(ctx: Ctx, sessionId: string, reason: string): Promise<void> {
  await raiseSession(ctx, sessionId, reason, {
    $set: { endedAt: new Date(ctx.clock.now()), endReason: reason },
  });
}

/**
 * Ends every session of the caller but the calling one (a changed password). The calling session is lifted to the
 * new version before the row stands; one being made meanwhile with the old password stays below it.
 * @param raise writes what changed and raises the version in the same step; answers the new version
 */
export async function endOtherSessions(
  ctx: Ctx,
  actor: Actor,
  reason: string,
  raise: () => Promise<number> = () => raiseUserVersion(ctx, actor.id),
): Promise<void> {
  const version = await raise();
  await ctx.models.Session.updateOne(
    { _id: actor.session, user: objectId(actor.id), endedAt: null },
    { $set: { userVersion: version } },
  );
  await appendCutoff(ctx, { subject: 'user', ref: actor.id, version, reason });
}
