/** Every screen of the visitor's page on a phone, in the order in which somebody would meet them. */
import { connect as connectTcp, createServer } from 'node:net';
import sharp from 'sharp';
import { goOnLine, tell } from './people.mjs';

const SAID = [
  '你好，我最近总是睡不好',
  '一躺下就会想很多事，越想越清醒。已经两个星期了，白天上课也没有精神。',
];
const MINUTE = 60_000;

export const visitor = { name: 'visitor', viewports: [{ width: 390, height: 844 }], scale: 1.5, walk };

async function walk(stage) {
  const { shoot } = stage;
  const network = await startNetwork(stage.run.url);
  const home = `${network.url}/visit/`;
  const page = await stage.open();
  const by = (id) => page.getByTestId(id);

  await page.goto(home);
  await page.locator('.faces li').first().waitFor();
  await shoot(page, 'home');
  await by('emergency').click();
  await shoot(page, 'emergency');
  await by('sheet-close').click();
  await by('see-counselors').click();
  await by('counselor').first().waitFor();
  await shoot(page, 'counselors');
  await by('counselor').first().click();
  await shoot(page, 'counselor');
  await by('sheet-close').click();
  await by('back').click();
  await by('start').click();
  await shoot(page, 'consent');
  await by('consent-agree').click();
  await by('waiting').waitFor();
  await shoot(page, 'waiting');
  await by('intake-open').click();
  await by('intake-send').waitFor();
  await shoot(page, 'questions');
  await by('sheet-close').click();
  await by('code-get').click();
  await by('code').waitFor();
  await shoot(page, 'return-code');
  await by('sheet-close').click();
  await by('wish-open').click();
  await by('wish-send').waitFor();
  await shoot(page, 'wishes');
  await by('sheet-close').click();
  await by('leave-queue').click();
  await shoot(page, 'stop-waiting');
  await by('confirm-end-yes').click();
  await by('ended').waitFor();
  await shoot(page, 'left-the-queue');
  await by('go-home').click();
  await by('start').click();
  await say(page, SAID[0]);
  await shoot(page, 'writes-while-waiting');

  const counselor = await goOnLine(stage, stage.run.demo.counselors[0]);
  await page.locator('[data-testid=conversation][data-status=IN_PROGRESS]').waitFor();
  await talk(stage, page, counselor);
  network.cut();
  await say(page, '写到一半网络断了');
  await page.locator('.banner:not(.connected)').first().waitFor();
  await page.waitForTimeout(2_000);
  await shoot(page, 'no-network');
  network.heal();
  await page.locator('[data-testid=banner][data-state=connected]').waitFor();
  await page.waitForTimeout(4_000);
  await leaveFor(page, 51 * MINUTE);
  await shoot(page, 'nine-minutes-left');
  await by('end-chat').click();
  await shoot(page, 'end');
  await by('confirm-end-yes').click();
  await by('rating').waitFor();
  await shoot(page, 'ended');
  await by('star-5').click();
  await by('tagCalmer').click();
  await by('rating-words').fill('说出来好多了，谢谢。');
  await shoot(page, 'rating');
  await by('rating-submit').click();
  await by('rated').waitFor();
  await shoot(page, 'rated');
  await by('go-home').click();
  await by('see-history').click();
  await by('history-row').first().waitFor();
  await shoot(page, 'history');
  await by('history-row').first().click();
  await by('log').getByText(SAID[0]).waitFor();
  await shoot(page, 'transcript');
  await by('back').click();
  await by('see-erase').click();
  await by('erase-ask').click();
  await shoot(page, 'ask-to-be-erased');
  await by('erase-confirm-yes').click();
  await by('erase-withdraw').waitFor();
  await shoot(page, 'asked-to-be-erased');
  await by('erase-withdraw').click();
  await by('erase-ask').waitFor();
  await by('back').click();
  await by('back').click();
  await bookings(stage, page);

  const returned = await stage.open();
  await returned.goto(`${home}#/return`);
  await returned.getByTestId('return').waitFor();
  await shoot(returned, 'come-back');
  const english = await stage.open({ locale: 'en-US' });
  await english.goto(home);
  await english.locator('.faces li').first().waitFor();
  await shoot(english, 'english');
  const late = await stage.open();
  await late.route(/\/(api|config|conversation)\b/, (route) => route.abort());
  await late.goto(home);
  await late.getByTestId('standstill').waitFor();
  await shoot(late, 'unreachable');
  counselor.close();
  await network.close();
}

/** What is said, and by whom: words, a picture, a quote, a card, one taken back. */
async function talk(stage, page, counselor) {
  const conversationId = await counselor.open();
  const told = (text) => tell(counselor, conversationId, text);
  const hears = (text) => page.getByTestId('log').getByText(text).first().waitFor();
  await told('你好，我在。睡不好的时候，脑子里转的大概是些什么呢？');
  await hears('你好，我在');
  await say(page, SAID[1]);
  await counselor.ask('message:read', { conversationId, seq: 100 }).catch(() => undefined);
  await counselor.ask('typing:set', { conversationId, on: true });
  await page.getByTestId('typing').getByText('正在输入').waitFor();
  await stage.shoot(page, 'chat');
  await told('听起来这两个星期真的很辛苦。我们先一起看看，晚上最难熬的是哪一段？');
  await hears('听起来这两个星期');
  await page
    .getByTestId('pick-picture')
    .setInputFiles({ name: '窗外.png', mimeType: 'image/png', buffer: await picture() });
  await page.getByTestId('log').getByTestId('picture').waitFor();
  await page.getByTestId('message').filter({ hasText: '已发送' }).getByTestId('picture').waitFor();
  await page.getByTestId('message').filter({ hasText: '听起来这两个星期' }).hover();
  await page
    .getByTestId('message')
    .filter({ hasText: '听起来这两个星期' })
    .getByTestId('quote-it')
    .press('Enter');
  await stage.shoot(page, 'quoting');
  await say(page, '大概是一两点，这是我窗外的样子');
  await told('谢谢你给我看这扇窗。');
  await hears('谢谢你给我看这扇窗');
  await stage.shoot(page, 'quoted');
}

async function bookings({ shoot }, page) {
  const by = (id) => page.getByTestId(id);
  await by('see-bookings').click();
  await by('book').waitFor();
  await shoot(page, 'bookings');
  await by('book').click();
  await by('consultant').first().waitFor();
  await shoot(page, 'book');
  await by('consultant').first().click();
  await by('field-date').waitFor();
  await shoot(page, 'book-a-time');
}

async function say(page, text) {
  await page.getByTestId('composer').fill(text);
  await page.getByTestId('composer').press('Enter');
  await page.getByTestId('log').getByText(text).first().waitFor();
}

/** So that the time that is left is another one, without waiting for it. */
const leaveFor = async (page, ms) => {
  await page.evaluate(`{ const real = Date.now; Date.now = () => real() + ${String(ms)}; }`);
  await page.waitForTimeout(5_500);
};

/** A window at night. */
const picture = () => {
  const lights = Array.from({ length: 40 }, (_, at) => {
    const x = 60 + (at % 8) * 90;
    const y = 80 + Math.floor(at / 8) * 90;
    return `<rect x="${x}" y="${y}" width="44" height="54" rx="4" fill="${at % 5 === 2 ? '#f5d58a' : '#2b3a55'}"/>`;
  });
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="560"><rect width="800" height="560" fill="#17233c"/>${lights.join('')}</svg>`;
  return sharp(Buffer.from(drawn)).png().toBuffer();
};

/** A network between the phone and the server that can be cut. */
async function startNetwork(url) {
  const { hostname, port } = new URL(url);
  const open = new Set();
  let cut = false;
  const server = createServer((client) => {
    if (cut) {
      client.destroy();
      return;
    }
    const upstream = connectTcp(Number(port), hostname);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ]) {
      open.add(one);
      one
        .on('error', () => undefined)
        .on('close', () => {
          open.delete(one);
          other.destroy();
        });
    }
    client.pipe(upstream).pipe(client);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const drop = () => open.forEach((socket) => socket.destroy());
  return {
    url: `http://127.0.0.1:${String(server.address().port)}`,
    cut() {
      cut = true;
      drop();
    },
    heal() {
      cut = false;
    },
    close() {
      drop();
      return new Promise((done) => server.close(done));
    },
  };
}
