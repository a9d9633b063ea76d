/** Pictures as paper and office files take them: JPEG, no larger than they are printed. */
import sharp from 'sharp';

export interface PrintedPicture {
  bytes: Buffer;
  /** Pixels. */
  width: number;
  height: number;
}

const SIDE = 900;

/** null for what can't be drawn: an export does not fail for a picture. */
export async function printed(bytes: Buffer | null): Promise<PrintedPicture | null> {
  if (!bytes) return null;
  try {
    const { data, info } = await sharp(bytes)
      .resize({ width: SIDE, height: SIDE, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 78 })
      .toBuffer({ resolveWithObject: true });
    return { bytes: data, width: info.width, height: info.height };
  } catch {
    return null;
  }
}
