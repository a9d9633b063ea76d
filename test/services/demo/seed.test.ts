import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import type { Models } from '../../../models/index.js';
import type { Message } from '../../../models/message.js';
import { systemClock } from '../../../platform/clock.js';
import { createKeyring } from '../../../platform/keyring.js';
import type { Config } from '../../../platform/config.js';
import { md5OfClear, verifyPassword } from '../../../services/account/password.js';
import { DEMO_LOGINS, DEMO_PEOPLE } from '../../../services/demo/people.js';
import { seed } from '../../../services/demo/seed.js';
import type { Needs } from '../../../services/demo/staff.js';
import { FIRST_LINK, linkOf, openBody, openSealed } from '../../../services/message/seal.js';
import { createHmac } from 'node:crypto';
import { dayOf } from '../../../services/roster/day.js';
import { dutyDays } from '../../../services/roster/duty-days.js';
import { openField } from '../../../services/seal/fields.js';
import { createKeyStore } from '../../../services/seal/keys.js';
import { testConfig } from '../../support/app.js';
import { takeDatabase } from '../../support/database.js';

/** A short past is enough here; the whole one is looked at in plan.test.ts. */
const DAYS = 5;

interface House {
  ctx: Needs;
  models: Models;
  connection: Connection;
  stop(): Promise<void>;
}

async function empty(overrides: Partial<Config> = {}): Promise<House> {
  const config = { ...testConfig(), ...overrides };
  const { connection, models } = await takeDatabase(config.MONGODB_URL, 10);
  const keyring = createKeyring(config.DATA_KEY, config.PEPPER);
  const keys = createKeyStore({ models, keyring, clock: systemClock });
  return {
    ctx: { config, clock: systemClock, models, keyring, keys },
    models,
    connection,
    stop: () => connection.close(),
  };
}

/** Everything that is stored, as numbers. */
const counts = async (models: Models) =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(models).map(
        async ([name, model]) => [name, await model.collection.countDocuments()] as const,
      ),
    ),
  );

const production = { NODE_ENV: 'production' as const, production: true, demo: false };

describe('the demo seed', () => {
  let house: House;
  beforeAll(async () => {
    house = await empty();
    const seeded = await seed(house.ctx, DAYS);
    expect(seeded.outcome).toBe('demo');
    expect(seeded.conversations).toBeGreaterThan(20);
  }, 60_000);
  afterAll(() => house.stop());

  test('writes conversations whose seal, numbers and chain are right', async () => {
    const { ctx, models } = house;
    const rows = await models.Conversation.find({}).lean();
    for (const row of rows) {
      const key = await ctx.keys.conversation(row.key.toHexString());
      const messages = (await models.Message.collection
        .find({ conversation: row._id })
        .sort({ seq: 1 })
        .toArray()) as unknown as Message[];
      let previous: Buffer = FIRST_LINK;
      for (const [index, message] of messages.entries()) {
        expect(message.seq).toBe(index + 1);
        const opened = openSealed(key, message, row.institution);
        expect(createHmac('sha256', opened!.salt).update(opened!.canonical).digest()).toEqual(message.digest);
        previous = linkOf(previous, message, message.digest);
        expect(message.link).toEqual(previous);
      }
      const last = messages.at(-1);
      expect([last?.event, last?.clientMsgId]).toEqual(['ended', 'sys:end']);
      expect([row.lastSeq, row.sealedSeq, row.sealed]).toEqual([messages.length, messages.length, true]);
      expect(openBody(key, last!, row.institution).data).toEqual({ cause: row.endCause });
      expect(messages.filter(({ event }) => event === 'assigned')).toHaveLength(row.counselor ? 1 : 0);
      expect(row.open).toBeUndefined();
    }
  });

  test('keeps no word in clear', async () => {
    const stored = (await house.models.Message.collection.find({}).toArray()) as unknown as Message[];
    expect(stored.some(({ body }) => /老师|你好/.test(body!.toString('utf8')))).toBe(false);
    const rated = await house.models.Evaluation.findOne({ content: { $ne: null } }).lean();
    if (rated) expect(rated.content!.toString('utf8')).not.toMatch(/谢谢|老师/);
  });

  test('makes people who can log in, with sealed phones', async () => {
    const { ctx, models } = house;
    const { username, password } = DEMO_LOGINS.counselors[0]!;
    const user = await models.User.findOne({ username }).lean().orFail();
    expect(await verifyPassword(ctx, user.passwordHash, md5OfClear(password))).toBe(true);
    const place = ['users', 'phone', user._id.toHexString()] as const;
    expect(await openField(ctx, user.institution, place, user.phone)).toBe(
      DEMO_PEOPLE.find((person) => person.username === username)!.phone,
    );
    expect(await models.Duty.countDocuments()).toBe(DEMO_LOGINS.counselors.length);
  });

  test('puts people on duty today and in a year', async () => {
    for (const from of [dayOf(systemClock.now()), dayOf(systemClock.now() + 365 * 86_400_000)]) {
      const days = await dutyDays(house.ctx, { institution: 'ecnu', from, days: 1, role: 'COUNSELOR' });
      expect(days.length).toBeGreaterThanOrEqual(3);
    }
  });

  test('gives everybody a userID that the counter will not give again', async () => {
    const ids = (await house.models.User.find({}, { userID: 1 }).lean()).map(({ userID }) => userID);
    expect(new Set(ids).size).toBe(ids.length);
    const counter = await house.models.Counter.findById('userID').lean().orFail();
    expect(Math.max(...ids)).toBeLessThanOrEqual(counter.value);
  });

  test('does nothing the second time', async () => {
    const before = await counts(house.models);
    expect((await seed(house.ctx, DAYS)).outcome).toBe('nothing');
    expect(await counts(house.models)).toEqual(before);
  });

  test('begins anew after a seed that broke off before the staff was written', async () => {
    const before = await counts(house.models);
    await house.models.User.deleteMany({ role: { $ne: 'VISITOR' } });
    expect((await seed(house.ctx, DAYS)).outcome).toBe('demo');
    expect(await counts(house.models)).toEqual(before);
  }, 60_000);

  test('is refused as a database of production', async () => {
    const ctx = {
      ...house.ctx,
      config: { ...house.ctx.config, ...production, ADMIN_PASSWORD: 'x'.repeat(20) },
    };
    await expect(seed(ctx)).rejects.toThrow(/holds the demo/);
  });
});

describe('outside demo mode', () => {
  let house: House;
  beforeAll(async () => {
    house = await empty({ demo: false });
  });
  afterAll(() => house.stop());

  const withConfig = (overrides: Partial<Config>): Needs => ({
    ...house.ctx,
    config: { ...house.ctx.config, ...overrides },
  });

  test('production never gets the demo and refuses to begin without ADMIN_PASSWORD', async () => {
    await expect(seed(withConfig(production))).rejects.toThrow(/ADMIN_PASSWORD is missing/);
    expect(await house.models.User.countDocuments()).toBe(0);
  });

  test('a short or common ADMIN_PASSWORD is refused', async () => {
    await expect(seed(withConfig({ ...production, ADMIN_PASSWORD: 'short' }))).rejects.toThrow(/too short/);
    await expect(seed(withConfig({ ...production, ADMIN_PASSWORD: '1234567890' }))).rejects.toThrow(/common/);
  });

  test('development without ADMIN_PASSWORD begins with the institution only', async () => {
    expect((await seed(house.ctx)).outcome).toBe('no-admin');
    expect(await house.models.Institution.countDocuments()).toBe(1);
  });

  test('the first admin is made once', async () => {
    const ctx = withConfig({ ...production, ADMIN_PASSWORD: 'a-quite-long-one-71' });
    expect((await seed(ctx)).outcome).toBe('first-admin');
    const admin = await house.models.User.findOne({ username: 'admin' }).lean().orFail();
    expect(admin.role).toBe('SYSTEM_ADMINISTRATOR');
    expect(await verifyPassword(ctx, admin.passwordHash, md5OfClear('a-quite-long-one-71'))).toBe(true);
    expect((await seed(ctx)).outcome).toBe('nothing');
    expect(await house.models.Conversation.countDocuments()).toBe(0);
  });
});
