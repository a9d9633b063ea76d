/** E-mail over SMTP; null where no SMTP is set up. */
import { createTransport } from 'nodemailer';
import type { Config } from '../../platform/config.js';
import { AppError } from '../../platform/errors.js';

export interface Mail {
  to: string;
  subject: string;
  text: string;
}

export interface Mailer {
  /** @throws AppError THIRD_PARTY when the server refuses it or does not answer within 10 s */
  send(mail: Mail): Promise<void>;
  close(): void;
}

const WAIT_MS = 10_000;

export function createMailer(config: Config): Mailer | null {
  if (!config.SMTP_URL) return null;
  const url = new URL(config.SMTP_URL);
  for (const name of ['connectionTimeout', 'greetingTimeout', 'socketTimeout'])
    if (!url.searchParams.has(name)) url.searchParams.set(name, String(WAIT_MS));
  const transport = createTransport(url.href, { from: config.SMTP_FROM });
  return {
    async send({ to, subject, text }) {
      try {
        await transport.sendMail({
          // As an object, so that an address is never read as a list of addresses.
          to: { name: '', address: to },
          subject,
          text,
          disableFileAccess: true,
          disableUrlAccess: true,
        });
      } catch (cause) {
        throw new AppError('THIRD_PARTY', { message: '邮件暂时发不出去，请稍后重试或改用手机号。', cause });
      }
    },
    close() {
      transport.close();
    },
  };
}
