import type { Attachment } from '../../contract/attachment.js';
import type { Message as WireMessage, ReadMark } from '../../contract/message.js';
import type { Message } from '../../models/message.js';
import type { AttachmentBody, Body } from '../message/seal.js';

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
    ...(body.attachment === undefined ? {} : { attachment: presentAttachment(body.attachment) }),
    ...(body.quote === undefined ? {} : { quote: body.quote }),
  };
}

/** Its digest is for exports and what proves them; a client needs none. */
export function presentAttachment(body: AttachmentBody): Attachment {
  const { id, name, type, size, width, height, seconds, thumb } = body;
  return {
    id,
    name,
    type,
    size,
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(thumb === undefined ? {} : { thumb }),
  };
}

export function presentMark(
  conversationId: string,
  row: { user: string; seq: number; received: number | undefined },
): ReadMark {
  return { conversationId, userId: row.user, seq: row.seq, received: Math.max(row.seq, row.received ?? 0) };
}
