/** The waiting room on two phones: questions that put somebody forward, and a code that brings them back elsewhere. */
import { beforeAll, expect, test } from '@jest/globals';
import { by, openWindow, PHONE, seriousFaults, type Window } from '../support/browser.js';
import { http } from '../support/clients.js';
import { logIn, passwordHash } from '../support/desk.js';
import { makeCounselor, makePerson } from '../support/factories.js';
import { openHouse } from '../support/house.js';
import { until } from '../support/poll.js';

const house = openHouse();
let home: string;
const LONG = 30_000;
const WHOLE = 180_000;
const position = (phone: Window) => by(phone, 'position').innerText({ timeout: LONG });

beforeAll(() => {
  home = `${house.node.url}/visit/`;
});

test(
  'whoever comes while nobody is there leaves a message, beside the crisis lines; a counselor takes it and says it is done',
  async () => {
    const phone = await openWindow(house.browser, home, PHONE);
    await phone.page.goto(home);
    await by(phone, 'field-leave-text').fill('今晚睡不着，想有人说说话');
    await by(phone, 'leave-send').click();
    await by(phone, 'consent-agree').click();
    await by(phone, 'leave-state').waitFor({ timeout: LONG });
    expect(await by(phone, 'field-leave-text').inputValue()).toBe('');
    expect(await by(phone, 'call-12356').first().isVisible()).toBe(true);
    expect(await seriousFaults(phone.page)).toEqual([]);
    expect(phone.faults).toEqual([]);

    const { ctx, url } = house.node;
    await makePerson(ctx, 'COUNSELOR', {
      username: 'wait-desk',
      name: '林悦',
      passwordHash: await passwordHash(ctx),
    });
    const desk = await logIn(house.browser, url, 'wait-desk', '#/queue');
    // Its lists are asked for anew when the line stands: not in the middle of a click.
    await desk.page.getByText('已连接').first().waitFor({ timeout: LONG });
    await by(desk, 'offline-take').click({ timeout: LONG });
    await by(desk, 'offline-open').click({ timeout: LONG });
    await by(desk, 'offline-whole').getByText('今晚睡不着').waitFor({ timeout: LONG });
    expect(await seriousFaults(desk.page)).toEqual([]);
    await by(desk, 'offline-remark').fill('已约明天');
    await by(desk, 'offline-finish').click();
    await by(desk, 'offline-whole').waitFor({ state: 'detached', timeout: LONG });
    expect(desk.faults).toEqual([]);
    await desk.context.close();
    await phone.page.reload();
    await by(phone, 'leave-state').getByText('已经处理').waitFor({ timeout: LONG });
    await phone.context.close();
  },
  WHOLE,
);

test(
  'answers move a visitor forward; their code brings them to another phone, where a reload keeps them',
  async () => {
    const { ctx, url } = house.node;
    const linguist = await makeCounselor(ctx, 1);
    await ctx.models.Duty.updateOne(
      { _id: linguist.user._id },
      { $set: { languages: ['英语'], presence: 'away' } },
    );
    const other = await makePerson(ctx, 'VISITOR');
    await http(url, 'PUT', '/conversation', { token: other.token, json: {} });
    const first = await openWindow(house.browser, home, PHONE);
    await first.page.goto(home);
    await by(first, 'start').click();
    await by(first, 'consent-agree').click();
    await until(async () => (await position(first)) === '2', 'second in line', LONG);
    await by(first, 'intake-open').click();
    await by(first, 'intake-sheet').waitFor();
    expect(await seriousFaults(first.page)).toEqual([]);
    await by(first, 'intake-danger-yes').check();
    await by(first, 'intake-send').click();
    await by(first, 'intake-done').waitFor({ timeout: LONG });
    await until(async () => (await position(first)) === '1', 'first in line', LONG);
    // Somebody who is away is listed for a language, so there is something to wish for.
    await by(first, 'wish-open').click();
    await by(first, 'wish-language-英语').check();
    expect(await seriousFaults(first.page)).toEqual([]);
    // Help is one tap away above a sheet, too, and leads back to it.
    await by(first, 'sheet-emergency').click();
    await by(first, 'emergency-card').getByTestId('call-12356').waitFor();
    expect(await seriousFaults(first.page)).toEqual([]);
    await by(first, 'emergency-card').getByTestId('sheet-close').click();
    await by(first, 'emergency-card').waitFor({ state: 'detached' });
    await by(first, 'wish-send').click();
    await by(first, 'wish-open').getByText('英语').waitFor({ timeout: LONG });
    await by(first, 'code-get').click();
    const code = await by(first, 'code').innerText({ timeout: LONG });
    expect(await seriousFaults(first.page)).toEqual([]);
    expect(first.faults).toEqual([]);
    await first.context.close();

    const second = await openWindow(house.browser, home, PHONE);
    await second.page.goto(home);
    await by(second, 'see-return').click();
    await by(second, 'field-return-code').fill('22222-22222');
    await by(second, 'return-send').click();
    await second.page.getByRole('alert').waitFor({ timeout: LONG });
    expect(await seriousFaults(second.page)).toEqual([]);
    await by(second, 'field-return-code').fill(code.toLowerCase().replace('-', ' '));
    await by(second, 'return-send').click();
    await until(async () => (await position(second)) === '1', 'in their place again', LONG);
    await second.page.reload();
    await until(async () => (await position(second)) === '1', 'after a reload, too', LONG);
    await by(second, 'intake-done').waitFor({ timeout: LONG });
    await by(second, 'leave-queue').click();
    expect(await seriousFaults(second.page)).toEqual([]);
    await by(second, 'confirm-end-yes').click();
    await by(second, 'ended').waitFor({ timeout: LONG });
    expect(await seriousFaults(second.page)).toEqual([]);
    expect(second.faults).toEqual([]);
    await second.context.close();
  },
  WHOLE,
);

test(
  'where the institution asks everybody, the questions come by themselves and writing waits for them; help does not',
  async () => {
    const { ctx, url } = house.node;
    const admin = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR');
    const rule = (intakeRequired: boolean) =>
      http(url, 'PUT', '/api/v1/policy', { token: admin.token, json: { intakeRequired } });
    expect((await rule(true)).status).toBe(200);
    const phone = await openWindow(house.browser, home, PHONE);
    await phone.page.goto(home);
    await by(phone, 'start').click();
    await by(phone, 'consent-agree').click();
    await by(phone, 'intake-sheet').waitFor({ timeout: LONG });
    await by(phone, 'sheet-close').click();
    await by(phone, 'intake-first').waitFor();
    expect(await by(phone, 'composer').count()).toBe(0);
    expect(await seriousFaults(phone.page)).toEqual([]);
    await by(phone, 'intake-open').click();
    await by(phone, 'intake-danger-no').check();
    expect(await by(phone, 'intake-send').isDisabled()).toBe(true);
    await by(phone, 'intake-thoughts-no').check();
    await by(phone, 'intake-send').click();
    await by(phone, 'composer').waitFor({ timeout: LONG });
    expect((await rule(false)).status).toBe(200);
    expect(phone.faults).toEqual([]);
    await phone.context.close();
  },
  WHOLE,
);
