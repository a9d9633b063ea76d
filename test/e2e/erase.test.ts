/** A visitor asks on the phone to be erased; an admin refuses at the desk and says why, then erases. */
import { expect, test } from '@jest/globals';
import { by, openWindow, PHONE, seriousFaults, type Window } from '../support/browser.js';
import { logIn, passwordHash } from '../support/desk.js';
import { makePerson } from '../support/factories.js';
import { openHouse } from '../support/house.js';
import { until } from '../support/poll.js';

const house = openHouse();
const LONG = 30_000;

async function ask(phone: Window): Promise<void> {
  await by(phone, 'erase-ask').click({ timeout: LONG });
  await by(phone, 'erase-confirm-yes').click();
  const state = by(phone, 'erase-state').getByText('正在等待处理');
  await state.waitFor({ timeout: LONG });
  // Said where it is seen: the button is a page further down.
  await until(async () => ((await state.boundingBox())?.y ?? -1) > 0, 'in sight', LONG);
}

test('asked, taken back, refused with a reason, asked again and carried out: the phone is a stranger’s then', async () => {
  const { ctx, url } = house.node;
  await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', {
    username: 'erase-desk',
    name: '管理员',
    passwordHash: await passwordHash(ctx),
  });
  const phone = await openWindow(house.browser, url, PHONE);
  await phone.page.goto(`${url}/visit/`);
  await by(phone, 'see-history').click({ timeout: LONG });
  await by(phone, 'see-erase').click();
  await ask(phone);
  expect(await seriousFaults(phone.page)).toEqual([]);
  await by(phone, 'erase-withdraw').click();
  await ask(phone);

  const desk = await logIn(house.browser, url, 'erase-desk', '#/house');
  await by(desk, 'tab-retention').click();
  const settle = by(desk, 'settle-open');
  await settle.click({ timeout: LONG });
  await desk.page.getByText('拒绝', { exact: true }).click();
  await by(desk, 'settle-reason').click();
  await desk.page.locator('.ant-select-item-option').first().click();
  await by(desk, 'settle-reference').fill('申请2026-1');
  expect(await seriousFaults(desk.page)).toEqual([]);
  await by(desk, 'settle-confirm').click();
  await settle.waitFor({ state: 'detached', timeout: LONG });

  await phone.page.reload();
  await by(phone, 'erase-state').getByText('按法律规定').waitFor({ timeout: LONG });
  expect(await seriousFaults(phone.page)).toEqual([]);
  await ask(phone);

  await desk.page.reload();
  await by(desk, 'tab-retention').click();
  await settle.click({ timeout: LONG });
  await by(desk, 'settle-reference').fill('申请2026-2');
  await by(desk, 'settle-confirm').click();
  await settle.waitFor({ state: 'detached', timeout: LONG });
  expect(desk.faults).toEqual([]);

  // What the phone holds is nobody's now: it starts as a stranger, who has asked for nothing.
  await phone.page.reload();
  await by(phone, 'erase-ask').waitFor({ timeout: LONG });
  expect(await by(phone, 'erase-state').innerText()).toBe('');
  expect(phone.faults).toEqual([]);
  await phone.context.close();
  await desk.context.close();
}, 180_000);
