/**
 * Files in conversations: checked by content, sealed with the conversation's own key, and served only to whoever may
 * read the conversation. An upload is nobody's message until one names it; what no message carries is swept.
 */
import { createHash } from 'node:crypto';
import { Types } from 'mongoose';
import { MAX_UPLOAD, type Attachment, type UploadAttachment } from '../../contract/attachment.js';
import type { AttachedKind } from '../../contract/message.js';
import type { AttachmentRow } from '../../models/attachment.js';
import type { Conversation } from '../../models/conversation.js';
import { AppError } from '../../platform/errors.js';
import { seal, unseal, type DataKey } from '../../platform/keyring.js';
import { objectId } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import type { AttachmentBody } from '../message/seal.js';
import { accessConversation } from '../policies/conversation.js';
import { presentAttachment } from '../presenters/message.js';
import { fileContent, plainName, voiceContent } from './content.js';
import { redrawImage } from './image.js';

const MAX_SIDE = 2_560;
const THUMB_SIDE = 480;
/** Of one conversation. */
const MAX_FILES = 500;
const MAX_BYTES = 500 * 1_048_576;

/** What is known of an attachment, sealed beside its bytes. */
interface Meta {
  kind: AttachedKind;
  attachment: AttachmentBody;
}

/** `file` or its small picture. */
export type Part = 'file' | 'thumb';
const keyOf = (row: Pick<AttachmentRow, '_id' | 'conversation'>, part: Part): string =>
  `attachments/${row.conversation.toHexString()}/${row._id.toHexString()}${part === 'thumb' ? '.thumb' : ''}`;
const placeOf = (row: Pick<AttachmentRow, '_id' | 'institution'>, field: Part | 'meta') =>
  ['attachments', field, row._id.toHexString(), row.institution] as const;

/**
 * Takes a file into a conversation that the actor may write in.
 * @param bytes as uploaded
 * @throws AppError NOT_FOUND, FORBIDDEN, CONVERSATION_ENDED, BAD_INPUT (not what it says it is), TOO_LARGE, QUOTA,
 * RATE_LIMITED
 */
export async function uploadAttachment(
  ctx: Ctx,
  actor: Actor,
  input: UploadAttachment,
  upload: { name: string; bytes: Buffer },
): Promise<Attachment> {
  const { conversation } = await accessConversation(ctx, actor, input.id, 'send');
  if (conversation.endAt !== null) throw new AppError('CONVERSATION_ENDED');
  await ctx.limits.upload.consume(actor.id);
  if (upload.bytes.length > MAX_UPLOAD[input.kind])
    throw new AppError('TOO_LARGE', {
      message: `文件过大，不能超过${String(MAX_UPLOAD[input.kind] / 1_048_576)}MB。`,
    });
  const checked = await check(input, upload);
  await assertRoom(ctx, conversation, checked.bytes.length + (checked.thumb?.length ?? 0));
  const _id = new Types.ObjectId();
  const attachment: AttachmentBody = {
    id: _id.toHexString(),
    ...checked.about,
    size: checked.bytes.length,
    sha256: createHash('sha256').update(checked.bytes).digest('hex'),
    ...(checked.thumb ? { thumb: true as const } : {}),
  };
  const row = { _id, conversation: conversation._id, institution: conversation.institution };
  const key = await ctx.keys.conversation(conversation.key.toHexString());
  const sealed = (part: Part, bytes: Buffer) => seal(key, bytes, placeOf(row, part));
  // The row first: a file whose row is missing could never be swept.
  await ctx.models.Attachment.create({
    ...row,
    uploader: new Types.ObjectId(actor.id),
    clientMsgId: null,
    unsent: true,
    meta: seal(key, Buffer.from(JSON.stringify({ kind: input.kind, attachment })), placeOf(row, 'meta')),
    bytes: checked.bytes.length + (checked.thumb?.length ?? 0),
    createdAt: new Date(ctx.clock.now()),
  });
  await ctx.files.put(keyOf(row, 'file'), sealed('file', checked.bytes));
  if (checked.thumb) await ctx.files.put(keyOf(row, 'thumb'), sealed('thumb', checked.thumb));
  return presentAttachment(attachment);
}

interface Checked {
  bytes: Buffer;
  thumb: Buffer | null;
  about: Pick<AttachmentBody, 'name' | 'type' | 'width' | 'height' | 'seconds'>;
}

/** Pictures are drawn anew, so that nothing of the camera, the place or the bytes behind the picture remains. */
async function check(
  { kind, seconds, name: said }: UploadAttachment,
  { name: called, bytes }: { name: string; bytes: Buffer },
): Promise<Checked> {
  const name = said ?? called;
  switch (kind) {
    case 'image': {
      const limits = { maxBytes: MAX_UPLOAD.image };
      const image = await redrawImage(bytes, { ...limits, maxSide: MAX_SIDE });
      const small = await redrawImage(image.bytes, { ...limits, maxSide: THUMB_SIDE });
      const { type, width, height } = image;
      const base = plainName(name, '图片').replace(/\.[A-Za-z0-9]{1,5}$/, '');
      const about = { name: `${base === '' ? '图片' : base}.webp`, type, width, height };
      return { bytes: image.bytes, thumb: small.bytes, about };
    }
    case 'voice': {
      const { type, extensions } = voiceContent(bytes);
      const about = {
        name: `语音.${extensions[0] ?? ''}`,
        type,
        seconds: Math.round((seconds ?? 0) * 10) / 10,
      };
      return { bytes, thumb: null, about };
    }
    case 'file': {
      const plain = plainName(name, '文件');
      return { bytes, thumb: null, about: { name: plain, type: fileContent(bytes, plain).type } };
    }
  }
}

async function assertRoom(ctx: Ctx, conversation: Conversation, bytes: number): Promise<void> {
  const rows = await ctx.models.Attachment.find({ conversation: conversation._id }, { bytes: 1 }).lean();
  const held = rows.reduce((sum, row) => sum + row.bytes, 0);
  if (rows.length >= MAX_FILES || held + bytes > MAX_BYTES)
    throw new AppError('QUOTA', { message: '本次会谈的文件已经太多，不能再发送文件。' });
}

const missing = () => new AppError('NOT_FOUND', { message: '没有找到该文件，请重新上传。' });

/**
 * Binds an upload to the message that will carry it, once: the same message again finds it bound to itself.
 * @throws AppError NOT_FOUND (another's, another conversation's, already in another message), BAD_INPUT (wrong kind)
 */
export async function claimAttachment(
  ctx: Ctx,
  actor: Actor,
  conversation: Conversation,
  key: DataKey,
  claim: { id: string; kind: AttachedKind; clientMsgId: string },
): Promise<AttachmentBody> {
  const own = { _id: objectId(claim.id), conversation: conversation._id, uploader: objectId(actor.id) };
  const row = await ctx.models.Attachment.findOne(own).lean();
  if (!row) throw missing();
  const { kind, attachment } = openMeta(key, row);
  if (kind !== claim.kind) throw new AppError('BAD_INPUT', { message: '消息类型与上传的文件不符。' });
  const bound = await ctx.models.Attachment.updateOne(
    { ...own, clientMsgId: { $in: [null, claim.clientMsgId] } },
    { $set: { clientMsgId: claim.clientMsgId }, $unset: { unsent: 1 } },
  );
  if (bound.matchedCount === 0) throw missing();
  return attachment;
}

function openMeta(key: DataKey, row: AttachmentRow): Meta {
  return JSON.parse(unseal(key, row.meta, placeOf(row, 'meta')).toString()) as Meta;
}

export interface OpenedFile {
  about: AttachmentBody;
  bytes: Buffer;
}

/**
 * What an attachment is, to whoever may read its conversation now. One that no message carries yet is its
 * uploader's alone; one whose message was recalled is gone.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function openAttachment(ctx: Ctx, actor: Actor, id: string, part: Part): Promise<OpenedFile> {
  const _id = objectId(id);
  const row = _id && (await ctx.models.Attachment.findById(_id).lean());
  if (!row) throw missing();
  const { conversation, relation } = await accessConversation(
    ctx,
    actor,
    row.conversation.toHexString(),
    'read',
  );
  if (row.uploader.toHexString() !== actor.id || row.clientMsgId !== null) {
    const message =
      row.clientMsgId === null
        ? null
        : await ctx.models.Message.findOne(
            { conversation: row.conversation, sender: row.uploader, clientMsgId: row.clientMsgId },
            { recalled: 1 },
          ).lean();
    if (!message || message.recalled) throw missing();
  }
  const key = await ctx.keys.conversation(conversation.key.toHexString());
  const bytes = await bytesOf(ctx, key, row, part);
  if (!bytes) throw missing();
  // No entry, no data (I15); a small picture is part of the transcript that it was opened from.
  if (part === 'file' && relation !== 'visitor' && relation !== 'counselor')
    await ctx.audit.write({
      institution: conversation.institution,
      actor,
      action: 'attachment.read',
      subject: `attachment:${id}`,
    });
  return { about: openMeta(key, row).attachment, bytes };
}

async function bytesOf(
  ctx: Pick<Ctx, 'files'>,
  key: DataKey,
  row: Pick<AttachmentRow, '_id' | 'conversation' | 'institution'>,
  part: Part,
): Promise<Buffer | null> {
  const sealed = await ctx.files.get(keyOf(row, part));
  return sealed && unseal(key, sealed, placeOf(row, part));
}

/** For exports, which have asked for the right before: null where the file is gone. */
export async function attachmentBytes(
  ctx: Pick<Ctx, 'files'>,
  key: DataKey,
  conversation: Pick<Conversation, '_id' | 'institution'>,
  id: string,
): Promise<Buffer | null> {
  const { _id, institution } = conversation;
  const at = objectId(id);
  return at && bytesOf(ctx, key, { _id: at, conversation: _id, institution }, 'file');
}
