/**
 * Pictures from outside: judged by content, drawn anew and so freed of metadata, of anything hidden behind the
 * picture and of what only some decoders understand (invariants.md section 4, row 18).
 */
import sharp from 'sharp';
import { AppError } from '../../platform/errors.js';

/** Bytes of a picture as uploaded. */
export const MAX_IMAGE_BYTES = 5 * 1_048_576;
const MAX_PIXELS = 40_000_000;
const MAX_FRAME_SIDE = 16_000;

export interface DrawnImage {
  bytes: Buffer;
  type: 'image/webp';
  width: number;
  height: number;
}

/** What the first bytes say; sharp would read more kinds (SVG, PDF, TIFF), which we never hand it. */
function kindOf(bytes: Buffer): 'jpeg' | 'png' | 'webp' | null {
  const hex = bytes.subarray(0, 8).toString('hex');
  if (hex.startsWith('ffd8ff')) return 'jpeg';
  if (hex === '89504e470d0a1a0a') return 'png';
  const riff = bytes.subarray(0, 4).toString('latin1') === 'RIFF';
  return riff && bytes.subarray(8, 12).toString('latin1') === 'WEBP' ? 'webp' : null;
}

const notAnImage = (cause?: unknown) =>
  new AppError('BAD_INPUT', { message: '图片无法识别，请上传 JPEG、PNG 或 WebP 图片。', cause });

/**
 * @param options.maxSide longest side in pixels; larger ones are made smaller, never larger
 * @param options.maxBytes as uploaded, MAX_IMAGE_BYTES when left out
 * @param options.square cut to a square around the middle (avatars)
 * @throws AppError BAD_INPUT for anything but a JPEG, PNG or WebP within the limits, TOO_LARGE
 */
export async function redrawImage(
  bytes: Buffer,
  options: { maxSide: number; square?: boolean; maxBytes?: number },
): Promise<DrawnImage> {
  const { maxBytes = MAX_IMAGE_BYTES } = options;
  if (bytes.length > maxBytes)
    throw new AppError('TOO_LARGE', { message: `图片不能超过${String(maxBytes / 1_048_576)}MB。` });
  const kind = kindOf(bytes);
  if (kind === null) throw notAnImage();
  try {
    const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1 });
    const { format, width, height } = await image.metadata();
    if (format !== kind || width > MAX_FRAME_SIDE || height > MAX_FRAME_SIDE) throw notAnImage();
    const { data, info } = await image
      // Upright by its orientation tag, which is then gone with all other metadata.
      .rotate()
      .resize({
        width: options.maxSide,
        height: options.maxSide,
        fit: options.square ? 'cover' : 'inside',
        withoutEnlargement: true,
      })
      .webp({ quality: 85 })
      .toBuffer({ resolveWithObject: true });
    return { bytes: data, type: 'image/webp', width: info.width, height: info.height };
  } catch (error) {
    throw error instanceof AppError ? error : notAnImage(error);
  }
}
