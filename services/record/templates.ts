/** Blank forms that an institution shares (second document, 模板文件). */
import { randomBytes } from 'node:crypto';
import { PassThrough, type Readable } from 'node:stream';
import { ZipArchive } from 'archiver';
import type { Template } from '../../models/template.js';
import { AppError } from '../../platform/errors.js';
import { seal, unseal } from '../../platform/keyring.js';
import { isDuplicate } from '../../platform/mongo.js';
import type { Actor, Ctx } from '../context.js';
import { assertRecord, mayRecord } from '../policies/record.js';
import { CONTENT_TYPES, extensionOf, kindOf, type DocumentKind } from '../sheet/kind.js';
import { BLANK_NAMES, blankSheet } from './blank-sheets.js';

export const MAX_TEMPLATE_BYTES = 10 * 1_048_576;
const MOST = 200;
const keyOf = (file: string) => `templates/${file}`;
/** People share filled-in forms too: what they upload is sealed like any file. */
const placeOf = (file: string, institution: string) => ['templates', 'bytes', file, institution] as const;

/** No paths, no control or direction characters, nothing hidden. */
const isName = (name: string): boolean =>
  name.length <= 128 && /^[^\p{Cc}\p{Cf}/\\:*?"<>|.][^\p{Cc}\p{Cf}/\\:*?"<>|]*$/u.test(name);

/**
 * The same name again replaces one's own.
 * @throws AppError BAD_INPUT (kind or name), TOO_LARGE, CONFLICT for a colleague's or the system's own name
 */
export async function uploadTemplate(
  ctx: Ctx,
  actor: Actor,
  upload: { name: string; bytes: Buffer },
): Promise<void> {
  const owner = assertRecord(actor, 'template.write');
  const fileName = upload.name.normalize('NFC').trim();
  const { institution } = actor;
  if (upload.bytes.length > MAX_TEMPLATE_BYTES)
    throw new AppError('TOO_LARGE', { message: '文件不能超过10MB。' });
  const kind = kindOf(upload.bytes);
  if (!isName(fileName) || kind === null || extensionOf(fileName) !== kind)
    throw new AppError('BAD_INPUT', {
      message: '请上传 .xls、.xlsx、.doc、.docx 或 .pdf 文件，且扩展名与内容一致。',
    });
  const taken = new AppError('CONFLICT', { message: '已有同名模板，请改名后上传。' });
  if (BLANK_NAMES.includes(fileName)) throw taken;
  const file = `${randomBytes(16).toString('base64url')}.bin`;
  const key = await ctx.keys.institution(institution);
  await ctx.files.put(keyOf(file), seal(key, upload.bytes, placeOf(file, institution)));
  const row = { size: upload.bytes.length, file, createdAt: new Date(ctx.clock.now()) };
  try {
    const before = await ctx.models.Template.findOneAndUpdate(
      { institution, fileName, owner },
      { $set: row },
      { returnDocument: 'before' },
    ).lean();
    if (before) {
      await ctx.files.remove(keyOf(before.file));
      return;
    }
    if ((await ctx.models.Template.countDocuments({ institution })) >= MOST)
      throw new AppError('QUOTA', { message: `模板最多${String(MOST)}个。` });
    await ctx.models.Template.create({ institution, fileName, owner, ...row });
  } catch (error) {
    await ctx.files.remove(keyOf(file));
    throw isDuplicate(error) ? taken : error;
  }
}

/**
 * One's own; an administrator of the institution any of it.
 * @throws AppError NOT_FOUND, FORBIDDEN for a colleague's and the system's own
 */
export async function removeTemplate(ctx: Ctx, actor: Actor, name: string): Promise<void> {
  assertRecord(actor, 'template.delete');
  const fileName = name.normalize('NFC').trim();
  const { institution } = actor;
  if (BLANK_NAMES.includes(fileName))
    throw new AppError('FORBIDDEN', { message: '系统自带的模板不能删除。' });
  const row = await ctx.models.Template.findOne({ institution, fileName }).lean();
  if (!row) throw new AppError('NOT_FOUND', { message: '没有找到该模板。' });
  if (!mayRecord(actor, 'template.delete', { consultant: row.owner, institution }))
    throw new AppError('FORBIDDEN', { message: '只能删除自己上传的模板。' });
  await ctx.models.Template.deleteOne({ _id: row._id });
  await ctx.files.remove(keyOf(row.file));
}

export async function listTemplates(
  ctx: Ctx,
  actor: Actor,
): Promise<{ fileName: string; fileSize: string }[]> {
  assertRecord(actor, 'template.read');
  const rows = await ctx.models.Template.find({ institution: actor.institution }).lean();
  rows.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  const blanks = await Promise.all(
    BLANK_NAMES.map(async (fileName) => ({ fileName, size: (await blankSheet(fileName))?.length ?? 0 })),
  );
  return [...blanks, ...rows].map(({ fileName, size }) => ({ fileName, fileSize: sizeText(size) }));
}

/** 12.3 KB */
function sizeText(bytes: number): string {
  if (bytes < 1_024) return `${String(bytes)} B`;
  const kilo = bytes / 1_024;
  return kilo < 1_024 ? `${kilo.toFixed(1)} KB` : `${(kilo / 1_024).toFixed(1)} MB`;
}

/**
 * One template as it is, several as a zip that is packed while it is sent.
 * @throws AppError NOT_FOUND that names what there is not
 */
export async function downloadTemplates(
  ctx: Ctx,
  actor: Actor,
  fileNames: readonly string[],
): Promise<{ name: string; type: string; body: Buffer | Readable }> {
  assertRecord(actor, 'template.read');
  const names = [...new Set(fileNames.map((name) => name.normalize('NFC').trim()))];
  const rows = await ctx.models.Template.find({
    institution: actor.institution,
    fileName: { $in: names },
  }).lean();
  const byName = new Map(rows.map((row) => [row.fileName, row]));
  const missing = names.find((name) => !byName.has(name) && !BLANK_NAMES.includes(name));
  if (missing !== undefined)
    throw new AppError('NOT_FOUND', { message: `没有找到模板“${missing.slice(0, 60)}”。` });
  const [only] = names;
  if (names.length === 1 && only !== undefined) {
    const body = await bytesOf(ctx, only, byName.get(only));
    return { name: only, type: CONTENT_TYPES[extensionOf(only) as DocumentKind], body };
  }
  return { name: '模板文件.zip', type: 'application/zip', body: zipOf(ctx, names, byName) };
}

async function bytesOf(ctx: Ctx, name: string, row: Template | undefined): Promise<Buffer> {
  const bytes = row ? await ctx.files.get(keyOf(row.file)) : await blankSheet(name);
  if (!bytes) throw new AppError('NOT_FOUND', { message: '该模板刚被替换，请重新下载。' });
  if (!row) return bytes;
  return unseal(await ctx.keys.institution(row.institution), bytes, placeOf(row.file, row.institution));
}

function zipOf(ctx: Ctx, names: string[], byName: Map<string, Template>): Readable {
  const archive = new ZipArchive({ zlib: { level: 1 } });
  const out = new PassThrough();
  const fail = (error: Error) => out.destroy(error);
  archive.on('error', fail);
  archive.pipe(out);
  const fill = async () => {
    // One at a time: only one file is held in memory besides what is being sent.
    for (const name of names) {
      archive.append(await bytesOf(ctx, name, byName.get(name)), { name, date: new Date(ctx.clock.now()) });
    }
    await archive.finalize();
  };
  fill().catch(fail);
  return out;
}
