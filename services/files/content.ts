/**
 * What an uploaded file or voice note is: judged by its first bytes, never by its name alone; a name that promises
 * something else is refused (invariants.md section 4, row 18). What a browser could run is not in the list.
 */
import { AppError } from '../../platform/errors.js';
import { CONTENT_TYPES as OFFICE, extensionOf, kindOf as officeKind } from '../sheet/kind.js';

export interface Content {
  type: string;
  /** Extensions under which it may be named; the first is given to a name without one. */
  extensions: readonly string[];
}

const latin = (bytes: Buffer, from: number, to: number) => bytes.subarray(from, to).toString('latin1');
const of = (type: string, ...extensions: string[]): Content => ({ type, extensions });

/** Containers that hold sound, and video where a file is sent. */
function mediaOf(bytes: Buffer): { audio: Content; video: Content | null } | null {
  if (bytes.readUInt32BE(0) === 0x1a45dfa3)
    return { audio: of('audio/webm', 'webm'), video: of('video/webm', 'webm') };
  if (latin(bytes, 4, 8) === 'ftyp')
    return { audio: of('audio/mp4', 'm4a', 'mp4'), video: of('video/mp4', 'mp4', 'm4a', 'mov') };
  if (latin(bytes, 0, 4) === 'OggS') return { audio: of('audio/ogg', 'ogg', 'oga', 'opus'), video: null };
  if (latin(bytes, 0, 4) === 'RIFF' && latin(bytes, 8, 12) === 'WAVE')
    return { audio: of('audio/wav', 'wav'), video: null };
  if (latin(bytes, 0, 3) === 'ID3') return { audio: of('audio/mpeg', 'mp3'), video: null };
  const sync = bytes.readUInt16BE(0);
  // Eleven set bits; layer 0 is ADTS, layer III is MP3.
  if ((sync & 0xfff6) === 0xfff0) return { audio: of('audio/aac', 'aac'), video: null };
  if ((sync & 0xffe6) === 0xffe2) return { audio: of('audio/mpeg', 'mp3'), video: null };
  return null;
}

/** UTF-8 without control characters: what an editor shows as it is. */
function isText(bytes: Buffer): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // eslint-disable-next-line no-control-regex -- naming the control characters is the point
    return !/[\u0000-\u0008\u000b\u000e-\u001f]/.test(text);
  } catch {
    return false;
  }
}

/** @throws AppError BAD_INPUT when it is no voice recording */
export function voiceContent(bytes: Buffer): Content {
  const media = bytes.length < 16 ? null : mediaOf(bytes);
  if (!media) throw new AppError('BAD_INPUT', { message: '语音无法识别，请重新录制。' });
  return media.audio;
}

/** @throws AppError BAD_INPUT for anything not in the list, and for a name that says something else */
export function fileContent(bytes: Buffer, name: string): Content {
  const extension = extensionOf(name);
  const found = bytes.length < 16 ? textContent(bytes, extension) : contentOf(bytes, extension);
  if (!found?.extensions.includes(extension))
    throw new AppError('BAD_INPUT', {
      message: '不支持这种文件，或文件内容与扩展名不符。可以发送 PDF、Word、Excel、TXT、CSV、音频和视频。',
    });
  return found;
}

function contentOf(bytes: Buffer, extension: string): Content | null {
  const office = officeKind(bytes);
  if (office) return of(OFFICE[office], office);
  const media = mediaOf(bytes);
  if (media) return media.video ?? media.audio;
  return textContent(bytes, extension);
}

function textContent(bytes: Buffer, extension: string): Content | null {
  if (bytes.length === 0 || !isText(bytes)) return null;
  return extension === 'csv' ? of('text/csv; charset=utf-8', 'csv') : of('text/plain; charset=utf-8', 'txt');
}

/**
 * A name for people: the last part of whatever path a client sent, without what turns the reading direction round
 * or hides the extension.
 */
export function plainName(name: string, fallback: string): string {
  const last = name.toWellFormed().split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .replace(
      // eslint-disable-next-line no-control-regex -- naming the control characters is the point
      /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
      '',
    )
    .trim();
  if (clean === '' || clean === '.' || clean === '..') return fallback;
  const characters = [...clean];
  if (characters.length <= 100) return clean;
  const extension = extensionOf(clean);
  return characters.slice(0, 90).join('') + (extension === '' ? '' : `….${extension}`);
}
