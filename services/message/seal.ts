/**
 * The form in which a message is stored (design.md, "Seal"): the body sealed with a salt inside, a digest that the
 * salt keeps from being guessed, and a link that makes the conversation one chain. Recall, key rotation and
 * erasure leave digest and link verifiable.
 */
import { createHash, createHmac } from 'node:crypto';
import type { Types } from 'mongoose';
import type { SystemEvent } from '../../contract/enums.js';
import type { Message } from '../../models/message.js';
import { pooledRandom, seal, unseal, type DataKey } from '../../platform/keyring.js';

const SALT = 16;
export const FIRST_LINK = Buffer.alloc(32);

/** What a message carries of a file; the digest of its bytes stands in the sealed body, so the chain covers it. */
export interface AttachmentBody {
  id: string;
  name: string;
  /** Content type. */
  type: string;
  /** Bytes. */
  size: number;
  /** SHA-256 of the bytes, hex. */
  sha256: string;
  width?: number;
  height?: number;
  seconds?: number;
  /** There is a small picture of it. */
  thumb?: true;
}

/** What a message says. Only what is present is stored; `data` holds ids, numbers and codes. */
export interface Body {
  text?: string;
  event?: SystemEvent;
  ref?: number;
  data?: Record<string, string | number | boolean | null>;
  attachment?: AttachmentBody;
  /** The seq of the message that this one answers. */
  quote?: number;
}

/** One spelling for one body: fixed key order, no absent keys. */
export function canonicalBody(body: Body): Buffer {
  const { text, event, ref, data, quote } = body;
  const attachment = body.attachment && spelt(body.attachment);
  return Buffer.from(JSON.stringify({ text, event, ref, data, attachment, quote }));
}

function spelt(attachment: AttachmentBody): AttachmentBody {
  const { id, name, type, size, sha256, width, height, seconds, thumb } = attachment;
  return {
    id,
    name,
    type,
    size,
    sha256,
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(thumb === undefined ? {} : { thumb }),
  };
}

export interface Header {
  _id: Types.ObjectId;
  conversation: Types.ObjectId;
  seq: number;
  sender: Types.ObjectId | null;
  kind: string;
  at: Date;
}

/** A header as it is linked: id, conversation, seq, sender, kind, epoch milliseconds. */
export type HeaderLine = [
  id: string,
  conversation: string,
  seq: number,
  sender: string | null,
  kind: string,
  time: number,
];

export function chainLink(previous: Buffer, header: HeaderLine, digest: Buffer): Buffer {
  return createHash('sha256').update(previous).update(JSON.stringify(header)).update(digest).digest();
}

export function linkOf(previous: Buffer, header: Header, digest: Buffer): Buffer {
  return chainLink(
    previous,
    [
      header._id.toHexString(),
      header.conversation.toHexString(),
      header.seq,
      header.sender?.toHexString() ?? null,
      header.kind,
      header.at.getTime(),
    ],
    digest,
  );
}

/** @returns the sealed body and its salted digest; the link is computed once the seq is known */
export function sealBody(
  key: DataKey,
  body: Body,
  id: Types.ObjectId,
  institution: string,
): { body: Buffer; digest: Buffer } {
  const salt = pooledRandom(SALT);
  const canonical = canonicalBody(body);
  return {
    body: seal(key, Buffer.concat([salt, canonical]), ['messages', 'body', id.toHexString(), institution]),
    digest: createHmac('sha256', salt).update(canonical).digest(),
  };
}

/** The opened body with its salt, so that an export can show that both match the digest. */
export function openSealed(
  key: DataKey,
  message: Pick<Message, '_id' | 'body'>,
  institution: string,
): { salt: Buffer; canonical: Buffer } | null {
  if (!message.body) return null;
  const plain = unseal(key, message.body, ['messages', 'body', message._id.toHexString(), institution]);
  return { salt: plain.subarray(0, SALT), canonical: plain.subarray(SALT) };
}

/** What a stored message says; {} for a tombstone. */
export function openBody(key: DataKey, message: Pick<Message, '_id' | 'body'>, institution: string): Body {
  const opened = openSealed(key, message, institution);
  return opened ? (JSON.parse(opened.canonical.toString('utf8')) as Body) : {};
}
