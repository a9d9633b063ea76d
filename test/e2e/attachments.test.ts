/** Pictures, voice notes, quotes and recall between a phone and a desk; and the same chat where the socket is blocked. */
import { beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { by, openWindow, PHONE, type Window } from '../support/browser.js';
import { logIn, passwordHash } from '../support/desk.js';
import { makeCounselor } from '../support/factories.js';
import { openHouse } from '../support/house.js';
import { until } from '../support/poll.js';

const house = openHouse();
let desk: Window;
beforeAll(async () => {
  const { ctx, url } = house.node;
  await makeCounselor(ctx, 5, {
    username: 'lin-yue-files',
    name: '林悦',
    passwordHash: await passwordHash(ctx),
  });
  desk = await logIn(house.browser, url, 'lin-yue-files');
});

const text = (window: Window, words: string) => window.page.getByText(words).first();

async function arrive(phone: Window): Promise<void> {
  await phone.page.goto(`${house.node.url}/visit/`);
  await by(phone, 'start').click();
  await by(phone, 'consent-agree').click();
  await phone.page
    .locator('[data-testid=conversation][data-status=IN_PROGRESS]')
    .waitFor({ timeout: 30_000 });
}

/** The newest conversation of the desk. */
async function take(name: string): Promise<void> {
  await text(desk, name).click();
  await by(desk, 'conversation').waitFor();
}

async function say(window: Window, words: string): Promise<void> {
  await by(window, 'composer').fill(words);
  await by(window, 'composer').press('Enter');
}

const picture = () =>
  sharp({ create: { width: 1200, height: 800, channels: 3, background: '#cc8844' } })
    .jpeg()
    .toBuffer();

test('a picture, a file, a voice note, emoji, a card and a quote on both screens', async () => {
  const phone = await openWindow(house.browser, house.node.url, PHONE);
  await phone.page.context().grantPermissions(['microphone'], { origin: house.node.url });
  await arrive(phone);
  await say(phone, '今天画了一张画');
  await take('今天画了一张画');

  await by(phone, 'pick-picture').setInputFiles({
    name: '画.jpg',
    mimeType: 'image/jpeg',
    buffer: await picture(),
  });
  const shown = desk.page.locator('[data-testid=thread] [data-testid=picture] img');
  await shown.waitFor();
  await until(
    () => shown.evaluate((img) => (img as unknown as { naturalWidth: number }).naturalWidth === 480),
    'thumbnail drawn',
  );
  await shown.click();
  const full = by(desk, 'picture-viewer').locator('img');
  await until(
    () => full.evaluate((img) => (img as unknown as { naturalWidth: number }).naturalWidth === 1200),
    'full picture drawn',
    10_000,
    true,
  );
  await desk.page.keyboard.press('Escape');

  await by(desk, 'pick-file').setInputFiles({
    name: '放松练习.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF'),
  });
  await text(phone, '放松练习.pdf').waitFor();
  const [download] = await Promise.all([
    phone.page.waitForEvent('download'),
    by(phone, 'file').first().click(),
  ]);
  expect(download.suggestedFilename()).toBe('放松练习.pdf');
  // What the server refuses is said where the message stands.
  await by(desk, 'pick-file').setInputFiles({
    name: '坏.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('<html>'),
  });
  await by(desk, 'delivery-failed').waitFor();
  await by(desk, 'discard').click();

  await by(phone, 'tool-voice').click();
  await by(phone, 'recording').waitFor();
  await phone.page.getByText('0:01').waitFor();
  await by(phone, 'record-send').click();
  const voice = desk.page.locator('[data-testid=thread] [data-testid=voice]');
  await voice.waitFor();
  await voice.click();
  await until(async () => (await voice.locator('audio').count()) === 1, 'voice loaded');

  await by(desk, 'tool-emoji').click();
  await by(desk, 'emoji-panel').getByText('🌱').click();
  await by(desk, 'composer').press('Enter');
  await phone.page.locator('.big-emoji').getByText('🌱').waitFor();

  await by(desk, 'send-card').click();
  await by(desk, 'card-confirm').click();
  await by(phone, 'card').getByText('12356').waitFor();

  // The counselor answers the first line.
  const first = desk.page
    .locator('[data-testid=thread] [data-testid=message]')
    .filter({ hasText: '今天画了一张画' });
  // The dialog gives the focus back when it is gone; before that Enter would press the button that opened it.
  await desk.page.locator('.ant-modal-wrap').waitFor({ state: 'hidden' });
  await until(
    async () => (await desk.page.locator('[data-testid=send-card]:focus').count()) === 1,
    'the focus is back',
    10_000,
  );
  // By the keyboard: the list may be settling under a pointer.
  await first.getByTestId('quote-it').press('Enter');
  await by(desk, 'quoting').waitFor();
  await say(desk, '愿意说说它吗');
  await by(phone, 'quote').getByText('今天画了一张画').waitFor();
  expect(desk.faults).toEqual([]);
  await phone.page.context().close();
}, 180_000);

test('where the WebSocket is blocked the chat goes on over plain HTTP', async () => {
  const phone = await openWindow(house.browser, house.node.url, PHONE);
  await phone.page.routeWebSocket(/socket\.io/, (socket) => {
    void socket.close({ code: 1011, reason: 'blocked' });
  });
  await arrive(phone);
  await say(phone, '地铁里网络不好');
  await phone.page.getByText('已切换到备用通道').waitFor({ timeout: 20_000 });
  await take('地铁里网络不好');
  await say(desk, '没关系，慢慢说');
  await text(phone, '没关系，慢慢说').waitFor();
  await by(phone, 'pick-picture').setInputFiles({
    name: '画.jpg',
    mimeType: 'image/jpeg',
    buffer: await picture(),
  });
  await desk.page.locator('[data-testid=thread] [data-testid=picture] img').waitFor();
  await say(phone, '再见');
  await text(desk, '再见').waitFor();
}, 120_000);
