import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Role } from '../../../contract/enums.js';
import type { User } from '../../../models/user.js';
import { ban, liftBans, unban } from '../../../services/account/ban.js';
import { guestLogIn } from '../../../services/account/guest.js';
import type { Ctx } from '../../../services/context.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { testClock } from '../../support/clock.js';
import { makeCounselor, makePerson } from '../../support/factories.js';
import { wordOf } from './word.js';

let hotline: Hotline;
let ctx: Ctx;
const clock = testClock();
beforeAll(async () => {
  hotline = await startHotline({ clock });
  ctx = hotline.node.ctx;
});
afterAll(() => hotline.stop());

async function actor(role: Role, fields: Partial<User> = {}) {
  const { token, id } = await makePerson(ctx, role, fields);
  return { ...(await ctx.sessions.authenticate(token)), id };
}

describe('a ban', () => {
  test('cuts off, keeps out, and is lifted', async () => {
    const admin = await actor('INSTITUTION_ADMINISTRATOR');
    const device = 'a-device-to-be-banned';
    const { token, actor: visitor } = await guestLogIn(ctx, { device }, '10.0.0.1');
    expect((await ban(ctx, admin, visitor.id, '骚扰')).role).toBe('VISITOR');
    expect(await wordOf(ctx.sessions.authenticate(token))).toBe('BANNED');
    expect(await wordOf(guestLogIn(ctx, { device }, '10.0.0.1'))).toBe('BANNED');
    expect(await wordOf(ban(ctx, admin, visitor.id, '骚扰'))).toBe('ok');
    await unban(ctx, admin, visitor.id);
    await unban(ctx, admin, visitor.id);
    // The old session stays dead; the visitor comes in anew as who they were.
    expect(await wordOf(ctx.sessions.authenticate(token))).toBe('UNAUTHENTICATED');
    const back = await guestLogIn(ctx, { device }, '10.0.0.1');
    expect(back.actor.id).toBe(visitor.id);
    expect(await wordOf(ctx.sessions.authenticate(back.token))).toBe('ok');
  });

  test('with an end is lifted by itself then, not before, and not when it was given anew', async () => {
    const admin = await actor('INSTITUTION_ADMINISTRATOR');
    const hour = 3_600_000;
    const counselor = await makeCounselor(ctx);
    const stored = () => ctx.models.User.findById(counselor.id).lean().orFail();
    const past = ban(ctx, admin, counselor.id, '骚扰', clock.now() - 1);
    expect(await wordOf(past)).toBe('BAD_INPUT');
    await ban(ctx, admin, counselor.id, '骚扰', clock.now() + 24 * hour);
    clock.advance(23 * hour);
    await liftBans(ctx);
    expect(await stored()).toMatchObject({ enabled: false });
    await ban(ctx, await actor('INSTITUTION_ADMINISTRATOR'), counselor.id, '骚扰', clock.now() + 72 * hour);
    clock.advance(24 * hour);
    await liftBans(ctx);
    expect(await stored()).toMatchObject({ enabled: false });
    clock.advance(49 * hour);
    await liftBans(ctx);
    expect(await stored()).toMatchObject({ enabled: true, disabledUntil: null, disabledReason: null });
    expect((await ctx.models.Duty.findById(counselor.id).lean())?.enabled).toBe(true);
    // Without an end it stays.
    await ban(ctx, await actor('INSTITUTION_ADMINISTRATOR'), counselor.id, '离职');
    clock.advance(1_000 * hour);
    await liftBans(ctx);
    expect(await stored()).toMatchObject({ enabled: false, disabledUntil: null });
  });

  test('of a counselor takes the duty away until it is lifted', async () => {
    const admin = await actor('INSTITUTION_ADMINISTRATOR');
    const counselor = await makeCounselor(ctx);
    await ban(ctx, admin, counselor.id, '离职');
    expect((await ctx.models.Duty.findById(counselor.id).lean())?.enabled).toBe(false);
    await unban(ctx, admin, counselor.id);
    expect((await ctx.models.Duty.findById(counselor.id).lean())?.enabled).toBe(true);
  });

  const cells: [by: Role, of: Role, where: string, word: string][] = [
    ['VISITOR', 'VISITOR', 'ecnu', 'FORBIDDEN'],
    ['COUNSELOR', 'VISITOR', 'ecnu', 'FORBIDDEN'],
    ['SUPERVISOR', 'VISITOR', 'ecnu', 'ok'],
    ['SUPERVISOR', 'VISITOR', 'other', 'NOT_FOUND'],
    ['SUPERVISOR', 'COUNSELOR', 'ecnu', 'FORBIDDEN'],
    ['INSTITUTION_ADMINISTRATOR', 'VISITOR', 'ecnu', 'ok'],
    ['INSTITUTION_ADMINISTRATOR', 'VISITOR', 'other', 'NOT_FOUND'],
    ['INSTITUTION_ADMINISTRATOR', 'SUPERVISOR', 'ecnu', 'ok'],
    ['INSTITUTION_ADMINISTRATOR', 'SUPERVISOR', 'other', 'NOT_FOUND'],
    ['INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR', 'ecnu', 'FORBIDDEN'],
    ['SYSTEM_ADMINISTRATOR', 'VISITOR', 'other', 'ok'],
    ['SYSTEM_ADMINISTRATOR', 'INSTITUTION_ADMINISTRATOR', 'other', 'ok'],
  ];
  test.each(cells)('by a %s of a %s of %s: %s', async (by, of, institution, word) => {
    const subject = await makePerson(ctx, of, { institution });
    expect(await wordOf(ban(ctx, await actor(by), subject.id, ''))).toBe(word);
    expect((await ctx.models.User.findById(subject.id).lean())?.enabled).toBe(word !== 'ok');
  });

  test('of nobody is NOT_FOUND, of oneself FORBIDDEN', async () => {
    const admin = await actor('SYSTEM_ADMINISTRATOR');
    expect(await wordOf(ban(ctx, admin, 'f'.repeat(24), ''))).toBe('NOT_FOUND');
    expect(await wordOf(ban(ctx, admin, '0123456789abcdef0123456789abcdef', ''))).toBe('NOT_FOUND');
    expect(await wordOf(ban(ctx, admin, admin.id, ''))).toBe('FORBIDDEN');
  });
});
