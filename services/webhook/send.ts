/** One delivery of one event: signed, to a public address, without following a redirect, within ten seconds. */
import { createHash } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { Types } from 'mongoose';
import type { OutboxRow } from '../../models/outbox.js';
import type { Webhook } from '../../models/webhook.js';
import { objectId } from '../../platform/mongo.js';
import type { Ctx } from '../context.js';
import { putForPerson } from '../notice/person.js';
import { deadWith, done, type Verdict } from '../notice/verdict.js';
import { publicLookup, refusalOf } from './address.js';
import { openSecret, sign } from './secret.js';

const WAIT_MS = 10_000;
const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
/** After each failed try; when they are used up a person must decide. A day and a half together. */
const BACKOFF_MS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 3 * HOUR, 8 * HOUR, 24 * HOUR];

export async function sendWebhook(ctx: Ctx, row: OutboxRow, now: number): Promise<Verdict> {
  const webhook = await ctx.models.Webhook.findOne({ _id: objectId(row.receiver), deletedAt: null }).lean();
  if (!webhook) return done('gone');
  const error = await tryOnce(ctx, webhook, row, now);
  if (error === null) return done();
  const wait = BACKOFF_MS[row.attempts - 1];
  if (wait !== undefined) return { dueAt: new Date(now + wait), error };
  await tellOwner(ctx, webhook, row);
  return deadWith(error);
}

/** @returns why it failed, in a word for people; null when it was taken */
async function tryOnce(ctx: Ctx, webhook: Webhook, row: OutboxRow, now: number): Promise<string | null> {
  if (refusalOf(ctx.config, webhook.url) !== null) return 'address-refused';
  const { at, ...data } = row.data as { at: number };
  const body = JSON.stringify({
    type: row.template,
    timestamp: new Date(at).toISOString(),
    data: { institution: webhook.institution, ...data },
  });
  const id = `msg_${row._id.toHexString()}`;
  const seconds = Math.floor(now / 1_000);
  const { previous } = webhook;
  const secrets = [webhook.secret, ...(previous && previous.until.getTime() > now ? [previous.secret] : [])];
  const keys = await Promise.all(secrets.map((sealed) => openSecret(ctx, webhook, sealed)));
  return post(ctx, new URL(webhook.url), body, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'xinyuan-hotline',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': keys.map((key) => sign(key, id, seconds, body)).join(' '),
  });
}

function post(ctx: Ctx, url: URL, body: string, headers: Record<string, string>): Promise<string | null> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const call = request(
      url,
      {
        method: 'POST',
        headers,
        // A literal address is not looked up; `refusalOf` judged it.
        ...(isIP(url.hostname.replace(/^\[|\]$/g, '')) ? {} : { lookup: publicLookup(ctx.config) }),
        agent: false,
        signal: AbortSignal.timeout(WAIT_MS),
      },
      (answer) => {
        const status = answer.statusCode ?? 0;
        // What it says is nobody's business, and may be endless.
        answer.destroy();
        resolve(status >= 200 && status < 300 ? null : `http-${String(status)}`);
      },
    );
    call.on('error', (error: NodeJS.ErrnoException) => {
      resolve(
        error.name === 'TimeoutError' || error.name === 'AbortError' ? 'timeout' : (error.code ?? 'refused'),
      );
    });
    call.end(body);
  });
}

/** Whoever set it up is told once an hour at most: the row's id is the hour's. */
async function tellOwner(ctx: Ctx, webhook: Webhook, row: OutboxRow): Promise<void> {
  const hour = Math.floor(ctx.clock.now() / HOUR);
  const id = createHash('sha256')
    .update(`webhook-dead\0${webhook._id.toHexString()}\0${String(hour)}`)
    .digest();
  const notice = {
    _id: new Types.ObjectId(id.subarray(0, 12)),
    receiver: webhook.createdBy.toHexString(),
    institution: webhook.institution,
    template: 'webhook-dead',
    data: { host: new URL(webhook.url).host, type: row.template },
    order: ctx.clock.now(),
  };
  await putForPerson(ctx, notice, ['mail', 'sms']);
}
