/** A message on its way into the journal, and the row that it becomes. */
import { Types } from 'mongoose';
import type { MessageKind, SenderType } from '../../contract/enums.js';
import type { Message } from '../../models/message.js';
import type { DataKey } from '../../platform/keyring.js';
import type { Parties } from '../events.js';
import type { Head } from './heads.js';
import { linkOf, sealBody, type Body } from './seal.js';

/** What is to be written; numbered, linked and timed here. */
export interface Entry {
  parties: Parties;
  /** Where the head is looked for when this node does not know it: the conversation's lastSeq. */
  lastSeq: number;
  key: DataKey;
  kind: MessageKind;
  sender: Types.ObjectId | null;
  senderType: SenderType;
  senderName: string | null;
  clientMsgId: string;
  body: Body;
  /** Keyword rules that met: stored beside it and told to staff alone. */
  marks?: string[];
  /** Asked again after a clash: is the sender still a party, is it still open? Throws what refuses it. */
  recheck?: () => Promise<void>;
  /** What is to be noted once it stands; epoch ms. Never throws. */
  onStored?: (at: number) => Promise<void>;
}

export interface Appended {
  id: string;
  seq: number;
  time: number;
  /** True when the same clientMsgId had been stored before: the first message is answered. */
  repeated: boolean;
}

/** Sealed, numbered and linked to the head that it follows. */
export function rowOf(entry: Entry, id: Types.ObjectId, head: Head, now: number): Message {
  const { parties, body } = entry;
  const sealed = sealBody(entry.key, body, id, parties.institution);
  const header = {
    _id: id,
    conversation: new Types.ObjectId(parties.id),
    seq: head.seq + 1,
    sender: entry.sender,
    kind: entry.kind,
    at: new Date(now),
  };
  return {
    ...header,
    senderType: entry.senderType,
    clientMsgId: entry.clientMsgId,
    ...sealed,
    link: linkOf(head.link, header, sealed.digest),
    ...(body.event === undefined ? {} : { event: body.event }),
    ...(body.ref === undefined ? {} : { ref: body.ref }),
    ...(entry.marks === undefined ? {} : { marks: entry.marks }),
  };
}

/** The head of a conversation whose newest message this is. */
export const headAt = (row: Message): Head => ({
  seq: row.seq,
  link: row.link,
  ended: row.event === 'ended',
});
