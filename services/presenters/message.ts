import type { Message as WireMessage } from '../../contract/message.js';
import type { Message } from '../../models/message.js';
import type { Body } from '../message/seal.js';

/** A stored message as it leaves, listed field by field. A recalled one is a row without words. */
export function presentMessage(row: Message, body: Body, senderName: string | null): WireMessage {
  return {
    id: row._id.toHexString(),
    conversationId: row.conversation.toHexString(),
    seq: row.seq,
    kind: row.kind,
    ...(body.text === undefined ? {} : { text: body.text }),
    sender: { id: row.sender?.toHexString() ?? null, name: senderName, type: row.senderType },
    time: row.at.getTime(),
    clientMsgId: row.clientMsgId,
    ...(row.recalled ? { recalled: true as const } : {}),
    ...(row.event === undefined ? {} : { event: row.event }),
    ...(row.ref === undefined ? {} : { ref: row.ref }),
    ...(body.data === undefined ? {} : { data: body.data }),
  };
}
