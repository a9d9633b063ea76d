/** Files of conversations: taken in before the message that carries them, and served to whoever may read it. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Attachment, AttachmentId, MAX_UPLOAD, UploadAttachment } from '../../../contract/attachment.js';
import { AppError } from '../../../platform/errors.js';
import { openAttachment, uploadAttachment, type Part } from '../../../services/files/attachment.js';
import { route, type Route } from '../../route.js';

const serve = (part: Part, path: string, summary: string): Route =>
  route({
    dialect: 'ours',
    section: 'IM, 38b',
    method: 'get',
    path,
    summary,
    auth: 'signed-in',
    from: 'query',
    input: AttachmentId,
    answer: 'bytes',
    errors: ['NOT_FOUND'],
    async handle({ ctx, actor, input, reply }) {
      const { about, bytes } = await openAttachment(ctx, actor, input.id, part);
      await reply.sendRanged({
        type: about.type,
        name: about.name,
        size: bytes.length,
        sha256: part === 'file' ? about.sha256 : createHash('sha256').update(bytes).digest('hex'),
        read: (start, end) => Readable.from([bytes.subarray(start, end + 1)]),
      });
    },
  });

export const attachmentRoutes: Route[] = [
  route({
    dialect: 'ours',
    section: 'IM, 38b',
    method: 'post',
    path: '/api/v1/conversations/{id}/attachments',
    summary: '上传图片、文件或语音，随后由一条消息带上',
    auth: 'signed-in',
    from: 'any',
    input: UploadAttachment,
    files: { fields: { file: 1 }, maxBytes: MAX_UPLOAD.file },
    answer: Attachment,
    errors: ['NOT_FOUND', 'CONVERSATION_ENDED', 'QUOTA', 'RATE_LIMITED'],
    handle({ ctx, actor, input, files }) {
      const [file] = files['file'] ?? [];
      if (!file) throw new AppError('BAD_INPUT', { message: '请选择要上传的文件。' });
      return uploadAttachment(ctx, actor, input, file);
    },
  }),
  serve('file', '/api/v1/attachments/{id}', '读取附件原件（支持断点续传）'),
  serve('thumb', '/api/v1/attachments/{id}/thumb', '读取图片的缩略图'),
];
