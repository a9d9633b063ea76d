/** The second document, row by row (endpoints.tsv): every path is served to its principals and to nobody else. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Role } from '../../contract/enums.js';
import { allRoutes } from '../../server/routes/index.js';
import { ask } from '../http/consultant/client.js';
import { startHotline, type Hotline } from '../support/app.js';
import { makeCounselor, makePerson, type Person } from '../support/factories.js';

interface Row {
  path: string;
  also: string;
  who: string;
  input: string;
}
const rows: Row[] = readFileSync(fileURLToPath(new URL('endpoints.tsv', import.meta.url)), 'utf8')
  .split('\n')
  .map((line) => line.split('\t'))
  .filter(([document]) => document === 'consultant')
  .map(([, , , path = '', also = '', who = '', input = '']) => ({ path, also, who, input }));
const served = new Set(allRoutes.flatMap((each) => [each.path, ...(each.also ?? [])]));
/** Rows of groups that have their own tests for what is still to be written. */
const known = rows.filter(({ path }) => served.has(path));
const signed = known.filter(({ who }) => who === 'the consultant');
const paths = (row: Row) => [row.path, row.also].filter(Boolean);
const AUTH = { code: 401, message: '认证失败：用户ID与Token不匹配或Token已过期' };

let hotline: Hotline;
const people = new Map<Role, Person>();
let counselor: Person;
beforeAll(async () => {
  hotline = await startHotline({ env: { CODES_PER_ADDRESS: '10000' } });
  counselor = await makeCounselor(hotline.node.ctx);
  for (const role of ['VISITOR', 'SUPERVISOR', 'INSTITUTION_ADMINISTRATOR', 'SYSTEM_ADMINISTRATOR'] as const)
    people.set(role, await makePerson(hotline.node.ctx, role));
});
afterAll(() => hotline.stop());

test('the rows of log-in, dashboard, orders and profile are served, misspelt paths and twins alike', () => {
  const groups = /^\/api\/(consultant|consult|consuntant)\/(auth|dashboard|orders|user|updateAvatar)/;
  const missing = rows
    .filter(({ path }) => groups.test(path))
    .flatMap(paths)
    .filter((path) => !served.has(path));
  expect(missing).toEqual([]);
  expect(known.length).toBeGreaterThanOrEqual(18);
});

describe.each(signed)('$path', (row) => {
  const whole = { page: 1, pageSize: 10 };
  test('without a token, with a wrong one, with another’s userID: the documented 401', async () => {
    for (const path of paths(row)) {
      const own = { userID: counselor.user.userID, token: counselor.token };
      const bodies = [
        {},
        { userID: own.userID },
        { ...own, token: 'x.y.z' },
        { ...own, userID: own.userID + 1 },
        { ...own, userID: 'string' },
      ];
      for (const body of bodies) {
        const answer = await ask(hotline.node.url, path, { ...whole, ...body });
        expect([path, body, answer.status, answer.body]).toEqual([path, body, 200, AUTH]);
      }
    }
  });

  test('to other roles: 403', async () => {
    for (const [role, { user, token }] of people)
      for (const path of paths(row)) {
        const answer = await ask(hotline.node.url, path, { ...whole, userID: user.userID, token });
        expect([role, answer.status, answer.body.code]).toEqual([role, 200, 403]);
      }
  });

  test('to its consultant: an answer or a clear 400, an integer code, never more', async () => {
    for (const path of paths(row)) {
      const own = { userID: String(counselor.user.userID), token: counselor.token };
      const answer = await ask(hotline.node.url, path, { ...whole, ...own });
      expect([0, 400]).toContain(answer.body.code);
      expect(answer.status).toBe(200);
      expect(
        Object.keys(answer.body).filter((key) => !['code', 'message', 'data', 'details'].includes(key)),
      ).toEqual([]);
      if (answer.body.code === 0) expect(answer.body.message).toBe('OK');
    }
  });
});

test('wrong types in every field of every row are 400, never 500', async () => {
  for (const row of known) {
    const fields = [...row.input.matchAll(/([A-Za-z_]+)\*/g)].map((match) => match[1] ?? '');
    for (const field of fields.filter((name) => !['userID', 'token', 'user_id'].includes(name))) {
      for (const wrong of [...(field === 'profile' ? [] : [{ $gt: '' }]), [[{}]], true]) {
        const own = row.who === 'anyone' ? {} : { userID: counselor.user.userID, token: counselor.token };
        const answer = await ask(hotline.node.url, row.path, { ...own, [field]: wrong });
        expect([row.path, field, answer.status, answer.body.code]).toEqual([row.path, field, 200, 400]);
      }
    }
  }
});
