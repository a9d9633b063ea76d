/** Codes over a real SMTP server and over Tencent’s SMS protocol, signature checked. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadConfig } from '../../../platform/config.js';
import { startTencentSmsStandIn } from '../../../stand-ins/tencent-sms.js';
import { ask } from '../../http/consultant/client.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { startSmtp, type TestSmtp } from '../../support/smtp.js';

let smtp: TestSmtp;
let sms: Awaited<ReturnType<typeof startTencentSmsStandIn>>;
let hotline: Hotline;
const SMS = {
  SMS_SECRET_ID: 'AKIDtest',
  SMS_APP_ID: '1400000000',
  SMS_SIGN: '心院热线',
  SMS_TEMPLATE: '449739',
};
beforeAll(async () => {
  smtp = await startSmtp();
  sms = await startTencentSmsStandIn({ AKIDtest: 'sms-secret' });
  hotline = await startHotline({
    env: {
      SMTP_URL: smtp.url,
      SMTP_FROM: '心院热线 <no-reply@example.edu>',
      ...SMS,
      SMS_SECRET_KEY: 'sms-secret',
      SMS_URL: sms.url,
    },
  });
});
afterAll(async () => {
  await hotline.stop();
  await smtp.stop();
  await sms.close();
});

const send = (body: Record<string, string>) =>
  ask(hotline.node.url, `/api/consultant/auth/${'email' in body ? 'email' : 'phone'}`, body);

/** Bodies leave as quoted-printable or base64. */
function decoded(raw: string): string {
  const [, body = ''] = raw.split('\r\n\r\n');
  return /base64/i.test(raw)
    ? Buffer.from(body, 'base64').toString()
    : Buffer.from(
        body
          .replace(/=\r\n/g, '')
          .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      ).toString();
}

test('a code by e-mail registers; nothing of it is in the outbox', async () => {
  expect((await send({ email: 'lin@example.edu' })).body).toEqual({ code: 0, message: 'OK' });
  const [mail] = smtp.mails;
  expect(mail).toMatchObject({ from: 'no-reply@example.edu', to: ['lin@example.edu'] });
  const verificationCode = /\b\d{6}\b/.exec(decoded(mail!.raw))?.[0];
  const registered = await ask(hotline.node.url, '/api/consultant/auth/register', {
    userName: 'mailed',
    account: 'lin@example.edu',
    accountType: 'email',
    password: 'mailed-pass-8620',
    verificationCode,
  });
  expect(registered.body.code).toBe(0);
  expect(await hotline.node.ctx.models.DevOutbox.countDocuments()).toBe(0);
});

test('a code by SMS: signed, with country code, code and minutes', async () => {
  expect((await send({ phone: '138 1111 2222' })).body).toEqual({ code: 0, message: 'OK' });
  expect(sms.sent).toEqual([
    { phone: '+8613811112222', template: '449739', parameters: [expect.stringMatching(/^\d{6}$/), '10'] },
  ]);
});

test('what the services refuse is said, not swallowed', async () => {
  smtp.refuse(true);
  const mail = await send({ email: 'nobody@example.edu' });
  smtp.refuse(false);
  expect([mail.status, mail.body.code, mail.body.message]).toEqual([
    200,
    500,
    '邮件暂时发不出去，请稍后重试或改用手机号。',
  ]);
  const text = await send({ phone: '13800000000' });
  expect([text.status, text.body.code]).toEqual([200, 500]);
});

test('half a set-up is refused at the start, a stand-in in production', () => {
  const base = {
    MONGODB_URL: 'mongodb://x',
    REDIS_URL: 'redis://x',
    NODE_ENV: 'test',
    HOTLINE_DATA: hotline.config.HOTLINE_DATA,
  };
  expect(() => loadConfig({ ...base, SMTP_URL: 'smtp://x' })).toThrow('SMTP_FROM');
  expect(() => loadConfig({ ...base, SMS_SECRET_ID: 'x' })).toThrow('SMS_SECRET_KEY');
  expect(() => loadConfig({ ...base, NODE_ENV: 'production', SMS_URL: 'http://127.0.0.1:1' })).toThrow(
    'SMS_URL',
  );
});
