/** Files of which a client may ask for a part (RFC 9110, section 14): downloads that were cut short go on. */
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { Principal } from '../services/account/session-cache.js';
import type { Ctx } from '../services/context.js';
import type { RangedFile } from './route.js';
import { attachment } from './disposition.js';

/** While bytes leave, the session is asked for again this often (I12). */
const RECHECK_MS = 300;

export async function sendRanged(
  ctx: Ctx,
  principal: Principal | null,
  req: Request,
  res: Response,
  file: RangedFile,
): Promise<void> {
  const etag = `"${file.sha256}"`;
  res.set({
    'Content-Type': file.type,
    'X-Content-Type-Options': 'nosniff',
    'Content-Disposition': attachment(file.name),
    'Accept-Ranges': 'bytes',
    ETag: etag,
  });
  const range = rangeOf(req, file.size, etag);
  if (range === 'unsatisfiable') {
    res.set('Content-Range', `bytes */${String(file.size)}`);
    res.status(416).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: file.size - 1 };
  if (range) {
    res.status(206);
    res.set('Content-Range', `bytes ${String(start)}-${String(end)}/${String(file.size)}`);
  }
  res.set('Content-Length', String(end - start + 1));
  if (req.method === 'HEAD') {
    res.end();
    return;
  }
  await pipeline(file.read(start, end), guard(ctx, principal), res).catch((error: unknown) => {
    // The client went away, or lost its rights half-way: the answer is cut, nothing can be said any more.
    ctx.log.info({ err: String(error) }, 'download cut short');
    res.destroy();
  });
}

/** One range, as players and download managers ask; several at once are answered with the whole file. */
function rangeOf(
  req: Request,
  size: number,
  etag: string,
): { start: number; end: number } | 'unsatisfiable' | null {
  const ifRange = req.get('if-range');
  if (ifRange !== undefined && ifRange !== etag) return null;
  const ranges = req.range(size);
  if (ranges === undefined || ranges === -2) return null;
  if (ranges === -1) return 'unsatisfiable';
  const [only] = ranges;
  return ranges.type === 'bytes' && ranges.length === 1 && only ? only : null;
}

/** Lets bytes pass as long as the session holds. */
function guard(ctx: Ctx, principal: Principal | null): Transform {
  let checked = ctx.clock.monotonic();
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (!principal || ctx.clock.monotonic() - checked < RECHECK_MS) {
        done(null, chunk);
        return;
      }
      checked = ctx.clock.monotonic();
      ctx.sessions.check(principal).then(
        () => {
          done(null, chunk);
        },
        (error: unknown) => {
          done(error as Error);
        },
      );
    },
  });
}
