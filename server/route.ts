/**
 * What a route is: one row that says who may call, what goes in, and one service call that answers. Mounting,
 * authentication, validation and envelopes are in app.ts; nothing reads the raw request again.
 */
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { ErrorWord } from '../contract/errors.js';
import type { Role } from '../contract/enums.js';
import type { Actor, Ctx } from '../services/context.js';

/** What a handler may do to the answer besides returning its result. */
export interface Reply {
  /** Signs the caller in: cookie and Authorization header (document sections 1 and 3). */
  signIn(token: string, expiresAt: Date): void;
  /** Clears the session cookie. */
  signOut(): void;
  /** Answers with bytes instead of the envelope; call it last. */
  send(file: SentFile): Promise<void>;
  /** Answers with a file of which a client may ask for ranges; call it last. */
  sendRanged(file: RangedFile): Promise<void>;
  /** Resolves when the client went away; for waiting calls. */
  closed: AbortSignal;
}

export interface RangedFile {
  type: string;
  name: string;
  size: number;
  /** Hex; the same content has the same one. */
  sha256: string;
  /** Bytes from start to end, both included. */
  read(start: number, end: number): Readable;
}

export interface SentFile {
  /** Content type, as we know it by content. */
  type: string;
  /** With a name it is saved, without one it is shown. */
  name?: string;
  body: Buffer | Readable;
  /** Seconds a browser may keep it; left out = not at all. */
  maxAge?: number;
}

/** A file of a multipart call, whole in memory: nothing is kept before the caller is known. */
export interface UploadedFile {
  /** As the client called it; never a path. */
  name: string;
  bytes: Buffer;
}

/** Which files a multipart call may carry. */
export interface FileRule {
  /** Field name to how many. */
  fields: Record<string, number>;
  /** Bytes of each file. */
  maxBytes: number;
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
  /** By field name; empty where the route takes none. */
  files: Partial<Record<string, UploadedFile[]>>;
}

interface RouteBase<Input> {
  /** Which wire: decides envelope and error codes (design.md, "Dialects"). */
  dialect: 'tencent' | 'hotline' | 'consultant' | 'ours';
  /** Section of the document, or of contract-notes.md for ours. */
  section: string;
  method: 'get' | 'put' | 'post' | 'patch' | 'delete';
  path: string;
  /** Other spellings that are served too. */
  also?: string[];
  summary: string;
  /** `raw` = {query with names in lower case, body as text}. Path parameters are always merged in; `any` = query, then form, then JSON (contract-notes.md section 1). */
  from: 'query' | 'json' | 'any' | 'raw';
  input: z.ZodType<Input>;
  /** Of a `raw` route: what its two parts hold, for the description. */
  described?: { query: z.ZodType; body: z.ZodType };
  /**
   * What a success answers, strictly: `result` (of a list: one row), on the consultant API `data`. 'bytes' = a file,
   * null = nothing. The contract tests hold every real answer to it.
   */
  answer?: z.ZodType | 'bytes' | null;
  /** What it refuses with beyond what every call may (openapi.ts): a contract test that meets another word fails. */
  errors?: readonly ErrorWord[];
  /** The handler returns a Listing and the envelope prints result, count and next. */
  list?: true;
  /** Multipart files; fields beside them reach the input as any form's do. */
  files?: FileRule;
  /** Consultant dialect: the result's keys stand beside code and message, not under `data`. */
  beside?: true;
  /**
   * Consultant dialect: whether `userID` (or `user_id`) must come with the token. `optional` where the document's
   * table lacks it; one that is sent must always be the token's.
   */
  userID?: 'optional';
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
