/** Which callback does what. A command that is not here is answered OK and kept. */
import type { z } from 'zod';
import { ImMessage, ImReport, ImStateChange, ImWithdrawal } from '../../contract/im.js';
import type { Ctx } from '../context.js';
import { afterMessage, beforeMessage } from './message.js';
import { dead, type Outcome } from './outcome.js';
import { afterStateChange } from './presence.js';
import { afterReport } from './report.js';
import { afterWithdrawal } from './withdraw.js';

/** Ours, and unreadable. */
export class UnreadableCallback extends Error {}

type Run = (ctx: Ctx, body: unknown) => Promise<Outcome>;

function command<Schema extends z.ZodType>(
  schema: Schema,
  run: (ctx: Ctx, input: z.infer<Schema>) => Promise<Outcome>,
): Run {
  return (ctx, body) => {
    const parsed = schema.safeParse(body);
    if (parsed.success) return run(ctx, parsed.data);
    const paths = parsed.error.issues.map((issue) => issue.path.join('.'));
    throw new UnreadableCallback(`unreadable: ${paths.join(', ')}`);
  };
}

const COMMANDS: Record<string, Run> = {
  'C2C.CallbackBeforeSendMsg': command(ImMessage, beforeMessage),
  'C2C.CallbackAfterSendMsg': command(ImMessage, afterMessage),
  'C2C.CallbackAfterMsgWithDraw': command(ImWithdrawal, afterWithdrawal),
  'C2C.CallbackAfterMsgReport': command(ImReport, afterReport),
  'State.StateChange': command(ImStateChange, afterStateChange),
};

/** @throws UnreadableCallback; whatever else the services throw */
export async function runCommand(ctx: Ctx, name: string, body: unknown): Promise<Outcome> {
  const run = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!run) return dead('unknown-command');
  return run(ctx, body);
}
