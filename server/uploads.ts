/**
 * Multipart bodies, into memory under limits: the consultant API carries its token beside the files, so that the
 * caller is known only after the whole body was read. Nothing is written anywhere here.
 */
import type { Request, Response } from 'express';
import multer, { MulterError } from 'multer';
import { AppError } from '../platform/errors.js';
import type { FileRule, UploadedFile } from './route.js';

const NONE: FileRule = { fields: {}, maxBytes: 0 };
/** Bytes of the fields beside the files, and what a part costs besides its content. */
const FIELDS_BYTES = 1_048_576;
/** Bytes that all unread multipart bodies of this process may hold at once. */
const BUDGET_BYTES = 256 * 1_048_576;
let held = 0;

/**
 * Reads a multipart body: fields to req.body, files to the answer. Any other body is left alone.
 * @param rule files of the route; without one a form without files is read
 * @throws AppError TOO_LARGE, BAD_INPUT (broken form, unexpected file), OVERLOADED
 */
export async function readMultipart(
  req: Request,
  res: Response,
  rule: FileRule = NONE,
): Promise<Partial<Record<string, UploadedFile[]>>> {
  if (!req.is('multipart/form-data')) return {};
  const count = Object.values(rule.fields).reduce((sum, each) => sum + each, 0);
  const most = count * rule.maxBytes + FIELDS_BYTES;
  const announced = Number(req.get('content-length') ?? most);
  if (announced > most) throw tooLarge(rule);
  if (held + announced > BUDGET_BYTES) throw new AppError('OVERLOADED', { retry: 1_000 });
  held += announced;
  try {
    await parse(req, res, rule, count);
  } finally {
    held -= announced;
  }
  return filesOf(req);
}

async function parse(req: Request, res: Response, rule: FileRule, count: number): Promise<void> {
  const upload = multer({
    storage: multer.memoryStorage(),
    // Chinese file names arrive as UTF-8; the default garbles them.
    defParamCharset: 'utf8',
    limits: {
      files: count,
      fileSize: rule.maxBytes,
      fields: 100,
      fieldSize: FIELDS_BYTES / 4,
      fieldNameSize: 100,
      parts: 100 + count,
    },
  });
  const fields = Object.entries(rule.fields).map(([name, maxCount]) => ({ name, maxCount }));
  const read = count === 0 ? upload.none() : upload.fields(fields);
  await new Promise<void>((done, failed) => {
    read(req, res, (error: unknown) => {
      if (error === undefined || error === null) done();
      else failed(refusal(error, rule));
    });
  });
}

function refusal(error: unknown, rule: FileRule): AppError {
  if (!(error instanceof MulterError)) {
    return new AppError('BAD_INPUT', { message: '上传的表单不完整，请重新上传。', cause: error });
  }
  switch (error.code) {
    case 'LIMIT_FILE_SIZE':
    case 'LIMIT_FIELD_VALUE':
      return tooLarge(rule);
    default:
      return new AppError('BAD_INPUT', {
        message: `上传的内容不符合要求${error.field === undefined ? '' : `：${error.field}`}`,
        cause: error,
      });
  }
}

const tooLarge = (rule: FileRule) =>
  new AppError(
    'TOO_LARGE',
    rule.maxBytes === 0
      ? {}
      : { message: `文件过大，单个文件不能超过${String(Math.floor(rule.maxBytes / 1_048_576))}MB。` },
  );

function filesOf(req: Request): Partial<Record<string, UploadedFile[]>> {
  const files = req.files;
  if (files === undefined || Array.isArray(files)) return {};
  return Object.fromEntries(
    Object.entries(files).map(([field, list]) => [
      field,
      list.map(({ originalname, buffer }) => ({ name: originalname, bytes: buffer })),
    ]),
  );
}
