/** Forms as nobody's client sends them: each is answered in its dialect, none is a fault, and nothing is left hanging. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { servedRoutes } from './table/endpoints.js';
import { outcomeOf } from './table/send.js';
import { startStage, type Stage } from './table/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(async () => {
  await stage.stop();
});

const BOUNDARY = 'x-contract-boundary';
const FORM = `multipart/form-data; boundary=${BOUNDARY}`;
const part = (disposition: string, content = 'x', type = '') =>
  `--${BOUNDARY}\r\nContent-Disposition: ${disposition}\r\n${type}\r\n${content}\r\n`;
const END = `--${BOUNDARY}--\r\n`;
const file = (field: string, name: string) =>
  part(`form-data; name="${field}"; filename="${name}"`, 'PK\u0003\u0004');

/** What is sent beside the caller's own fields: [what it is, the body, the content type if it is another]. */
const hostile = (field: string): [string, string, string?][] => [
  ['no boundary', END, 'multipart/form-data'],
  ['an empty boundary', END, 'multipart/form-data; boundary='],
  ['a boundary that never comes', file(field, 'a.xlsx') + END, 'multipart/form-data; boundary=another'],
  ['no end', file(field, 'a.xlsx')],
  ['cut inside a header', `--${BOUNDARY}\r\nContent-Disposition: form-da`],
  ['nothing but the end', END],
  ['no body', ''],
  ['a part without a name', part('form-data') + END],
  ['a part without a disposition', `--${BOUNDARY}\r\n\r\nx\r\n${END}`],
  ['a header of 200 kB', part(`form-data; name="${field}"; filename="a"; x="${'h'.repeat(200_000)}"`) + END],
  ['a field name of 5 kB', part(`form-data; name="${'n'.repeat(5_000)}"`) + END],
  ['500 fields', part('form-data; name="many"').repeat(500) + END],
  ['50 files where one is allowed', file(field, 'a.xlsx').repeat(50) + END],
  ['a file under a name that no route knows', file('contractUnknown', 'a.xlsx') + END],
  ['a file where a text belongs', file('token', 'token.txt') + file('userID', 'id.txt') + END],
  ['a text where a file belongs', part(`form-data; name="${field}"`) + END],
  ['a text of 2 MB', part('form-data; name="text"', 'x'.repeat(2_000_000)) + END],
  [
    'fields that reach for prototypes',
    ['__proto__[a]', 'constructor.prototype', '__proto__', 'a[b][c]', 'x[$gt]']
      .map((name) => part(`form-data; name="${name}"`))
      .join('') + END,
  ],
  ['a name out of the folder', file(field, '../../../etc/passwd') + END],
  ['a name with a NUL', file(field, 'a\u0000.xlsx') + END],
  ['a name of 10 kB', file(field, `${'长'.repeat(3_000)}.xlsx`) + END],
  ['no file name', file(field, '') + END],
  ['a name in broken UTF-8', part(`form-data; name="${field}"; filename*=UTF-8''%ff%fe%ED%A0%80.xlsx`) + END],
  [
    'an unknown charset',
    part(`form-data; name="${field}"; filename="a"`, 'x', 'Content-Type: text/plain; charset=none\r\n') + END,
  ],
  [
    'an unknown encoding',
    part(`form-data; name="${field}"; filename="a"`, 'x', 'Content-Transfer-Encoding: none\r\n') + END,
  ],
];

const uploads = servedRoutes.filter(({ route }) => route.files !== undefined);
test('there are uploads to try', () => {
  expect(uploads.length).toBeGreaterThan(5);
});

describe.each(['signed in', 'nobody'] as const)('%s', (who) => {
  test.each(uploads.map(({ route }) => [`${route.method} ${route.path}`, route] as const))(
    '%s',
    async (_name, route) => {
      const { counselorOwner } = stage.scene.people;
      const { token, user } = counselorOwner;
      const own =
        who === 'signed in'
          ? ['userID', 'user_id']
              .map((name) => part(`form-data; name="${name}"`, String(user.userID)))
              .join('') + part('form-data; name="token"', token)
          : '';
      const headers = new Headers();
      if (who === 'signed in' && route.dialect === 'ours') headers.set('authorization', `Bearer ${token}`);
      const answered: unknown[] = [];
      for (const [what, body, type = FORM] of hostile(Object.keys(route.files?.fields ?? {})[0] ?? '')) {
        headers.set('content-type', type);
        const answer = await fetch(stage.url + route.path, {
          method: route.method.toUpperCase(),
          headers,
          body: own + body,
        });
        const text = await answer.text();
        const outcome = outcomeOf(route.dialect, {
          ...{ status: answer.status, headers: answer.headers, text },
          body: JSON.parse(text) as Record<string, unknown>,
        });
        if (outcome === 'ok' || (typeof outcome === 'number' && outcome >= 500))
          answered.push([what, outcome]);
      }
      expect(answered).toEqual([]);
    },
  );
});

test('nothing is left behind: no unhandled rejection, no prototype, no file', async () => {
  expect(stage.unhandled).toEqual([]);
  expect({}).not.toHaveProperty('a');
  expect(await stage.scene.ctx.models.Template.countDocuments()).toBe(0);
  expect(await stage.scene.ctx.models.Attachment.countDocuments()).toBe(0);
});
