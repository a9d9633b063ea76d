import { Types } from 'mongoose';
import { ConfigError } from '../../platform/config.js';
import { hashPassword, md5OfClear, refuseCommonPassword } from '../account/password.js';
import { nextUserID } from '../account/user-id.js';
import { DEMO_HOUSES } from './people.js';
import type { Needs } from './staff.js';

const SHORTEST = 10;
const USERNAME = 'admin';

/**
 * The default institution and the first system admin `admin`, with the password of ADMIN_PASSWORD.
 * @throws ConfigError with one clear sentence: in production without a password, anywhere with a bad one
 */
export async function createFirstAdmin(ctx: Needs): Promise<'first-admin' | 'no-admin'> {
  const { ADMIN_PASSWORD: password, DEFAULT_INSTITUTION: institution, production } = ctx.config;
  if (!password && production)
    throw new ConfigError(
      'ADMIN_PASSWORD is missing: the empty database needs a first system admin. Set it once.',
    );
  const $setOnInsert = { name: DEMO_HOUSES.first.name, appids: [] };
  await ctx.models.Institution.updateOne({ _id: institution }, { $setOnInsert }, { upsert: true });
  if (!password) return 'no-admin';
  const md5 = md5OfClear(password);
  checkPassword(password, md5);
  await ctx.models.User.create({
    _id: new Types.ObjectId(),
    userID: await nextUserID(ctx),
    role: 'SYSTEM_ADMINISTRATOR',
    institution,
    username: USERNAME,
    name: '系统管理员',
    passwordHash: await hashPassword(ctx, md5),
  });
  return 'first-admin';
}

function checkPassword(password: string, md5: string): void {
  if (password.length < SHORTEST)
    throw new ConfigError(`ADMIN_PASSWORD is too short: give ${String(SHORTEST)} characters or more.`);
  try {
    refuseCommonPassword(md5, [USERNAME]);
  } catch {
    throw new ConfigError('ADMIN_PASSWORD is one of the common passwords: choose another.');
  }
}
