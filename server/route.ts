/**
 * What a route is: one row that says who may call, what goes in, and one service call that answers. Mounting,
 * authentication, validation and envelopes are in app.ts; nothing reads the raw request again.
 */
import type { z } from 'zod';
import type { Role } from '../contract/enums.js';
import type { Actor, Ctx } from '../services/context.js';

/** What a handler may do to the answer besides returning its result. */
export interface Reply {
  /** Signs the caller in: cookie and Authorization header (document sections 1 and 3). */
  signIn(token: string, expiresAt: Date): void;
  /** Clears the session cookie. */
  signOut(): void;
  /** Resolves when the client went away; for waiting calls. */
  closed: AbortSignal;
}

export interface Caller {
  /** Address after TRUST_PROXY. */
  address: string;
  userAgent: string;
  /** The token that came with the call, even a dead one; for log-out only. */
  token: string | null;
}

export interface Call<Input, Who> {
  ctx: Ctx;
  actor: Who;
  input: Input;
  caller: Caller;
  reply: Reply;
}

interface RouteBase<Input> {
  /** Which wire: decides envelope and error codes (design.md, "Dialects"). */
  dialect: 'hotline' | 'ours';
  /** Section of the document, or of contract-notes.md for ours. */
  section: string;
  method: 'get' | 'put' | 'post' | 'delete';
  path: string;
  /** Other spellings that are served too. */
  also?: string[];
  summary: string;
  /** Path parameters are always merged in; `any` = query, then form, then JSON (contract-notes.md section 1). */
  from: 'query' | 'json' | 'any';
  input: z.ZodType<Input>;
  /** The handler returns a Listing and the envelope prints result, count and next. */
  list?: true;
}

export interface OpenRoute<Input> extends RouteBase<Input> {
  auth: 'anyone';
  handle(call: Call<Input, Actor | null>): Promise<unknown>;
}

export interface SignedRoute<Input> extends RouteBase<Input> {
  /** Roles that may ever call it; what of theirs they may touch the service asks its policy. */
  auth: 'signed-in' | readonly Role[];
  handle(call: Call<Input, Actor>): Promise<unknown>;
}

/** Routes in one list, whatever their inputs. */
export type Route = OpenRoute<never> | SignedRoute<never>;

/** Anyone may call; the actor is null without a valid session. */
export function openRoute<Input>(definition: Omit<OpenRoute<Input>, 'auth'>): Route {
  return { ...definition, auth: 'anyone' } as unknown as Route;
}

/** Only those who are signed in, of these roles. */
export function route<Input>(definition: SignedRoute<Input>): Route {
  return definition as unknown as Route;
}

/** Thrown by log-out: the documented client expects Spring's 403 body with this path. */
export class DocumentedForbidden extends Error {
  readonly path: string;
  constructor(path: string) {
    super('Access Denied');
    this.path = path;
  }
}
