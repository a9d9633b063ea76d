/** Answers that are bytes: the name is quoted and encoded, the type is ours, nothing is sniffed. */
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { SentFile } from './route.js';

export async function sendFile(res: Response, file: SentFile): Promise<void> {
  res.set('Content-Type', file.type);
  res.set('X-Content-Type-Options', 'nosniff');
  if (file.maxAge !== undefined) res.set('Cache-Control', `private, max-age=${String(file.maxAge)}`);
  if (file.name !== undefined) res.set('Content-Disposition', disposition(file.name));
  if (Buffer.isBuffer(file.body)) {
    res.end(file.body);
    return;
  }
  await pipeline(file.body, res);
}

/** RFC 6266: a plain name for old clients and the true one in UTF-8. */
function disposition(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\/%]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
