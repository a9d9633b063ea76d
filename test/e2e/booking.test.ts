/** A visitor makes an appointment on a phone, tells their consultant what brings them, and enters when it is time. */
import { beforeAll, expect, test } from '@jest/globals';
import { openWindow, PHONE, seriousFaults } from '../support/browser.js';
import { ask } from '../http/consultant/client.js';
import { http } from '../support/clients.js';
import { makeCounselor, type Person } from '../support/factories.js';
import { openHouse } from '../support/house.js';
import { until } from '../support/poll.js';

const house = openHouse();
let consultant: Person;
const DAY = '2034-03-04';
beforeAll(async () => {
  const { ctx } = house.node;
  consultant = await makeCounselor(ctx, 1, { name: '周宁' });
  await ctx.models.WorkDay.create({
    consultant: consultant.user._id,
    institution: 'ecnu',
    day: DAY,
    spans: [{ id: 1, from: '09:00', to: '11:00' }],
  });
});

test('choosing a time, the intake form, entering the conversation, cancelling', async () => {
  const { ctx, url } = house.node;
  const phone = await openWindow(house.browser, url, PHONE);
  const by = (id: string) => phone.page.getByTestId(id);
  await phone.page.goto(`${url}/visit/`);
  await by('see-bookings').click();
  const book = async (slot: string) => {
    await by('book').click();
    await by('consultant').filter({ hasText: '周宁' }).waitFor();
    expect(await seriousFaults(phone.page)).toEqual([]);
    // The answer of the day that the form begins with comes when another day's is there already.
    let late: (() => void) | undefined;
    await phone.page.route(/\/slots\?date=(?!2034)/, async (route) => {
      const answer = await route.fetch();
      await new Promise<void>((go) => {
        late = go;
      });
      await route.fulfill({ response: answer });
    });
    await by('consultant').filter({ hasText: '周宁' }).click();
    await by('field-date').fill(DAY);
    await by(`choice-${slot}`).waitFor();
    const answered = phone.page.waitForResponse(/\/slots\?date=(?!2034)/);
    await until(() => late, 'the first day was asked for', 30_000);
    late?.();
    await answered;
    await phone.page.unrouteAll();
    await by(`choice-${slot}`).click();
    await by('choice-在线咨询').click();
    await by('field-name').fill('李一');
    await by('field-age').fill('21');
    await by('choice-女').click();
    await by('field-contact').fill('wx_li_yi');
    await by('field-keyWords').fill('失眠 考试');
    expect(await seriousFaults(phone.page)).toEqual([]);
    await by('book-submit').click();
    await by('booking-status').waitFor();
  };
  await book('09:00-10:00');
  expect(await by('booking-status').textContent()).toBe('待接单');

  // What is written here is what the consultant reads.
  await by('field-complaint').fill('最近总是睡不着');
  await by('field-emergency-name').fill('李母');
  const save = async () => {
    const sent = phone.page.waitForRequest((request) => request.method() === 'PUT');
    await by('intake-save').click();
    await phone.page.getByText('已保存').waitFor();
    return (await sent).postDataJSON() as Record<string, unknown>;
  };
  await by('field-goal').fill('好好睡觉');
  // What nobody filled in is not told.
  const profileSent = await save();
  expect(profileSent).toMatchObject({ complaint: '最近总是睡不着', emergencyContact: { name: '李母' } });
  expect(profileSent['emergencyContact']).toEqual({ name: '李母' });
  expect(Object.values(profileSent)).not.toContain('');
  // What was told and is taken back is cleared.
  await by('field-goal').fill('');
  expect(await save()).toMatchObject({ goal: '' });
  expect(await seriousFaults(phone.page)).toEqual([]);
  const order = await ctx.models.Order.findOne({ consultant: consultant.user._id }).lean().orFail();
  const read = await http(url, 'GET', `/api/v1/bookings/${String(order.caseID)}/intake`, {
    token: consultant.token,
  });
  expect(read.status).toBe(403);
  const profile = await ask(url, '/api/consultant/interview/records/personal-profile', {
    token: consultant.token,
    id: order.caseID,
  });
  expect(profile.body.data).toMatchObject({
    complaint: '最近总是睡不着',
    goal: '',
    emergencyContact: { name: '李母' },
  });
  await phone.page.reload();
  await until(
    async () => (await by('field-complaint').inputValue()) === '最近总是睡不着',
    'it stays',
    20_000,
  );

  // Accepted, and its time has come: the way in asks for consent once, then leads to the consultant.
  const accepted = await http(url, 'POST', `/api/v1/orders/${String(order.caseID)}/accept`, {
    token: consultant.token,
  });
  expect(accepted.status).toBe(200);
  const now = Date.now();
  await ctx.models.Order.updateOne(
    { _id: order._id },
    { $set: { startAt: new Date(now), endAt: new Date(now + 3_600_000) } },
  );
  await phone.page.reload();
  await by('booking-enter').click();
  await by('consent-agree').click();
  await by('composer').waitFor();
  await phone.page.getByText('周宁').first().waitFor();
  const open = await ctx.models.Conversation.findOne({ open: true }).lean().orFail();
  expect(open.counselor).toEqual(consultant.user._id);
  await http(url, 'POST', `/conversation/end/${open._id.toHexString()}`, { token: consultant.token });
  await by('ended').waitFor();
  await until(
    async () => (await ctx.models.Order.findById(order._id).lean())?.status === 'FINISHED',
    'the order follows its conversation',
    60_000,
  );
  await phone.page.goto(`${url}/visit/#/bookings`);
  await by('booking-row').filter({ hasText: '已结束' }).waitFor();
  expect(await seriousFaults(phone.page)).toEqual([]);

  await book('10:00-11:00');
  await by('booking-cancel').click();
  await by('booking-cancel-confirm').click();
  await until(async () => (await by('booking-status').textContent()) === '已拒绝', 'it is cancelled', 20_000);
  expect(phone.faults).toEqual([]);
  // Dozens of steps in a browser: on a slow machine more than the usual minute.
}, 240_000);
