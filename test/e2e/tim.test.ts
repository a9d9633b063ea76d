/**
 * IM_PROVIDER=tencent in a real browser, as far as it goes without Tencent: the SDK's hosts are fixed inside it. What
 * it sends to the first of them is caught on the visitor's page and answered as Tencent refuses; the console asks
 * nobody who could answer.
 */
import { expect, test } from '@jest/globals';
import { verifyUserSig } from '../../services/im/user-sig.js';
import { by, openWindow, PHONE, type Window } from '../support/browser.js';
import { logIn, passwordHash } from '../support/desk.js';
import { makePerson } from '../support/factories.js';
import { openHouse } from '../support/house.js';
import { until } from '../support/poll.js';

/** Tencent's published sample key. */
const APP = {
  sdkAppId: 1_400_000_000,
  secretKey: '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e',
};
const house = openHouse({
  env: {
    IM_SDK_APP_ID: String(APP.sdkAppId),
    IM_SECRET_KEY: APP.secretKey,
    IM_PROVIDER: 'tencent',
    IM_MIRROR: '0',
  },
});

interface Frame {
  head: { servcmd: string; seq: number; identifier: string; usersig: string };
}

/** Catches what the SDK says to Tencent; whatever is asked is refused as for a UserSig that is over. */
async function refuseAsTencent(window: Window): Promise<Frame['head'][]> {
  const heads: Frame['head'][] = [];
  // The SDK's sockets live in a worker, which nothing can look into, unless there are none.
  await window.context.addInitScript(() => Reflect.deleteProperty(globalThis, 'Worker'));
  await window.context.routeWebSocket(/^wss:\/\/wss\.im\.qcloud\.com/, (socket) => {
    socket.onMessage((text) => {
      const { head } = JSON.parse(String(text)) as Frame;
      heads.push(head);
      const body = { ActionStatus: 'FAIL', ErrorCode: 70_001, ErrorInfo: 'UserSig expired' };
      // The SDK reads bytes.
      socket.send(Buffer.from(JSON.stringify({ head, body })));
    });
  });
  return heads;
}

test('the SDK loads and sends our UserSig; refused or unreachable it says so, and the built-in channel carries', async () => {
  const { node } = house;
  await makePerson(node.ctx, 'COUNSELOR', {
    username: 'lin-yue-tim',
    name: '林悦',
    passwordHash: await passwordHash(node.ctx),
  });
  const desk = await logIn(house.browser, node.url, 'lin-yue-tim');
  await by(desk, 'presence-switch').click();
  await by(desk, 'presence-online').click();

  const phone = await openWindow(house.browser, node.url, PHONE);
  const heads = await refuseAsTencent(phone);
  await phone.page.goto(`${node.url}/visit/`);
  await by(phone, 'start').click();
  await by(phone, 'consent-agree').click();
  await by(phone, 'end-chat').waitFor();

  await until(async () => (await by(phone, 'tim-notice').getAttribute('data-state')) === 'fallback', 'told');
  expect(await by(phone, 'tim-notice').getAttribute('data-reason')).toBe('70001');
  expect(await by(phone, 'tim-notice').textContent()).toContain('可以继续对话');
  const visitor = await node.ctx.models.User.findOne({ role: 'VISITOR' }).lean().orFail();
  const [login] = heads;
  expect(login).toMatchObject({ servcmd: 'im_open_status.wslogin', identifier: visitor._id.toHexString() });
  expect(verifyUserSig(APP, login?.usersig ?? '', node.ctx.clock.now())?.userId).toBe(login?.identifier);

  await by(desk, 'conversation-row').first().click();
  const field = phone.page
    .getByTestId('composer')
    .locator('textarea')
    .or(phone.page.locator('textarea[data-testid=composer]'));
  await field.first().fill('能听到我说话吗');
  await field.first().press('Enter');
  await desk.page.getByText('能听到我说话吗', { exact: true }).first().waitFor();

  // Nobody outside answers the console: after its patience it says so too.
  await until(
    async () => (await by(desk, 'tim-notice').getAttribute('data-state')) === 'fallback',
    'the console is told',
    30_000,
  );
  expect(await by(desk, 'tim-notice').textContent()).toContain('会话照常进行');
  // Nobody but Tencent's sockets is asked: statistics and error texts are held back by the page's own policy.
  const asked = [...phone.faults, ...desk.faults].filter(
    (fault) => !/wss:\/\/[\w.]+\.(qcloud|my-imcloud)\.com/.test(fault),
  );
  expect(asked.filter((fault) => !fault.includes('web.sdk.qcloud.com'))).toEqual([]);
}, 90_000);
