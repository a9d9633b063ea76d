/** Genuine callbacks that fit nowhere: kept sealed, seen and tried again by a system administrator. */
import { createHash } from 'node:crypto';
import { Types } from 'mongoose';
import type { Listing } from '../../contract/common.js';
import type { DeadLetter, ListDeadLetters } from '../../contract/im.js';
import type { DeadLetterRow } from '../../models/dead-letter.js';
import { AppError } from '../../platform/errors.js';
import { seal, unseal } from '../../platform/keyring.js';
import { isDuplicate, objectId } from '../../platform/mongo.js';
import { readPage } from '../page.js';
import type { Actor, Ctx } from '../context.js';
import { assertIm } from '../policies/im.js';
import { runCommand } from './commands.js';

interface Letter {
  command: string;
  reason: string;
  /** The body as it came. */
  body: string;
}

/** Keeps a letter; the same callback again is counted on the one that is kept. */
export async function keepDeadLetter(ctx: Ctx, letter: Letter): Promise<void> {
  const facts = factsOf(letter.body);
  const key = keyOf(letter, facts);
  const again = await ctx.models.DeadLetter.updateOne({ key }, { $inc: { count: 1 } });
  if (again.matchedCount === 1) return;
  const _id = new Types.ObjectId();
  const institution = ctx.config.DEFAULT_INSTITUTION;
  const payloadKey = await ctx.keys.createForConversation(_id, institution);
  const dataKey = await ctx.keys.conversation(payloadKey.toHexString());
  const payload = seal(dataKey, Buffer.from(letter.body), [
    'deadLetters',
    'payload',
    _id.toHexString(),
    institution,
  ]);
  const { command, reason } = letter;
  try {
    const at = new Date(ctx.clock.now());
    await ctx.models.DeadLetter.create({
      _id,
      key,
      command,
      reason: reason.slice(0, 200),
      ...facts,
      payload,
      payloadKey,
      at,
    });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    await ctx.models.DeadLetter.updateOne({ key }, { $inc: { count: 1 } });
  }
}

/** What may stand in clear: ids and the key, cut to what such things are. */
function factsOf(body: string): Pick<DeadLetterRow, 'from' | 'to' | 'msgKey'> {
  let parsed: Record<string, unknown> = {};
  try {
    parsed = (JSON.parse(body) ?? {}) as Record<string, unknown>;
  } catch {
    // Unreadable: kept all the same.
  }
  const word = (value: unknown) =>
    typeof value === 'string' && /^[\x21-\x7e]{1,64}$/.test(value) ? value : null;
  return { from: word(parsed.From_Account), to: word(parsed.To_Account), msgKey: word(parsed.MsgKey) };
}

function keyOf(letter: Letter, { from, to, msgKey }: ReturnType<typeof factsOf>): string {
  const what = from && to && msgKey ? [from, to, msgKey] : [letter.body];
  return createHash('sha256')
    .update([letter.command, ...what].join('\0'))
    .digest('base64url');
}

const present = (row: Omit<DeadLetterRow, 'payload'>): DeadLetter => ({
  id: row._id.toHexString(),
  command: row.command,
  reason: row.reason,
  from: row.from,
  to: row.to,
  msgKey: row.msgKey,
  state: row.state,
  count: row.count,
  attempts: row.attempts,
  time: row.at.getTime(),
});

/** Newest first, without what they say. */
export async function listDeadLetters(
  ctx: Ctx,
  actor: Actor,
  input: ListDeadLetters,
): Promise<Listing<DeadLetter>> {
  assertIm(actor, 'dead-letter.list');
  const filter = input.state === undefined ? {} : { state: input.state };
  const wanted = { filter, sort: { at: -1, _id: -1 }, fields: { payload: 0 } } as const;
  const { rows, ...place } = await readPage(ctx.models.DeadLetter, wanted, input);
  return { rows: rows.map((row) => present(row)), ...place };
}

/** One letter with what it says; that is written to the audit log before it leaves (I15). */
export async function readDeadLetter(ctx: Ctx, actor: Actor, id: string): Promise<DeadLetter> {
  assertIm(actor, 'dead-letter.read');
  const row = await find(ctx, id);
  await ctx.audit.write({
    institution: ctx.config.DEFAULT_INSTITUTION,
    actor,
    action: 'dead-letter.read',
    subject: `dead-letter:${id}`,
  });
  const body = await open(ctx, row);
  return { ...present(row), payload: readable(body) };
}

/**
 * Tries a letter again, as if the callback came now. Safe to repeat: a message is known by its MsgKey.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function retryDeadLetter(ctx: Ctx, actor: Actor, id: string): Promise<DeadLetter> {
  assertIm(actor, 'dead-letter.retry');
  const row = await find(ctx, id);
  if (row.state === 'DONE') return present(row);
  const body = await open(ctx, row);
  const reason = await tryAgain(ctx, row.command, body);
  const updated = await ctx.models.DeadLetter.findOneAndUpdate(
    { _id: row._id },
    { $inc: { attempts: 1 }, $set: reason === null ? { state: 'DONE' } : { reason } },
    { returnDocument: 'after' },
  ).lean();
  await ctx.audit.write({
    institution: ctx.config.DEFAULT_INSTITUTION,
    actor,
    action: 'dead-letter.retry',
    subject: `dead-letter:${id}`,
  });
  return present(updated ?? row);
}

/** @returns why nothing came of it; null when something did */
async function tryAgain(ctx: Ctx, command: string, body: string): Promise<string | null> {
  try {
    const outcome = await runCommand(ctx, command, readable(body));
    return outcome.kind === 'dead' ? outcome.reason : outcome.kind === 'done' ? null : 'refused';
  } catch (error) {
    if (error instanceof AppError && error.word === 'UNAVAILABLE') throw error;
    return error instanceof Error && error.message.startsWith('unreadable')
      ? error.message.slice(0, 200)
      : 'failed';
  }
}

async function find(ctx: Ctx, id: string): Promise<DeadLetterRow> {
  const _id = objectId(id);
  const row = _id && (await ctx.models.DeadLetter.findById(_id).lean());
  if (!row) throw new AppError('NOT_FOUND', { message: '没有找到该条未投递记录。' });
  return row;
}

async function open(ctx: Ctx, row: DeadLetterRow): Promise<string> {
  const key = await ctx.keys.conversation(row.payloadKey.toHexString());
  const belonging = [
    'deadLetters',
    'payload',
    row._id.toHexString(),
    ctx.config.DEFAULT_INSTITUTION,
  ] as const;
  return unseal(key, row.payload, belonging).toString();
}

/** Unreadable ones as the text that came. */
function readable(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
