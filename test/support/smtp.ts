/** A real SMTP server on loopback that keeps what it was given. */
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** Headers and body as they came over the wire. */
  raw: string;
}

export interface TestSmtp {
  url: string;
  mails: ReceivedMail[];
  /** What RCPT TO is answered with from now on: true = 550. */
  refuse(on: boolean): void;
  stop(): Promise<void>;
}

export async function startSmtp(): Promise<TestSmtp> {
  const mails: ReceivedMail[] = [];
  let refusing = false;
  const server = new SMTPServer({
    hideSTARTTLS: true,
    onAuth: (auth, _session, done) => {
      if (auth.username === 'user' && auth.password === 'secret') done(null, { user: 'user' });
      else done(new Error('wrong password'));
    },
    onRcptTo: (_address, _session, done) => {
      done(refusing ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null);
    },
    onData: (stream, session, done) => {
      void text(stream).then((raw) => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          raw,
        });
        done();
      });
    },
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://user:secret@127.0.0.1:${String(port)}`,
    mails,
    refuse(on) {
      refusing = on;
    },
    stop: () => new Promise((done) => server.close(() => done())),
  };
}
