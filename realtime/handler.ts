/** The shape of an event's handler: what goes in, and the one service call that answers. */
import type { z } from 'zod';
import type { ClientEvent } from '../contract/events.js';
import type { Ctx } from '../services/context.js';
import type { HotlineSocket } from './gateway.js';

export interface Handler<Input> {
  input: z.ZodType<Input>;
  handle(ctx: Ctx, socket: HotlineSocket, input: Input): Promise<unknown>;
}
export type Handlers = Partial<Record<ClientEvent, Handler<never>>>;

/** Keeps the input type of a handler between its schema and its function. */
export function handler<Input>(
  input: z.ZodType<Input>,
  handle: (ctx: Ctx, socket: HotlineSocket, input: Input) => Promise<unknown>,
): Handler<never> {
  return { input, handle } as unknown as Handler<never>;
}
