/**
 * Fonts of a PDF. pdfkit has no fallback of its own: text is split by what each font can show, Chinese first, then
 * emoji, then whatever the machine has for rare characters.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font, type FontCollection } from 'fontkit';

export interface FontSource {
  /**
   * One document's own: the tables are parsed once a process, since they are several times as large as the file; the
   * glyphs are the document's, since a glyph remembers the characters that it was first drawn for.
   */
  forDocument(): Font;
  has(codePoint: number): boolean;
}

/** Debian's packages; opened only for a character that the fonts before them lack. */
const SYSTEM = [
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc#NotoSansCJKsc-Regular',
  '/usr/share/fonts/truetype/wqy/wqy-microhei.ttc#WenQuanYiMicroHei',
  '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
];

/**
 * In the order in which they are asked. A TrueType file comes first: it embeds four times as fast as the same
 * glyphs as CFF (Debian's collection).
 * @param configured PDF_FONT, `file` or `file#PostScriptName`
 * @throws Error when PDF_FONT names no file
 */
export function fontChain(configured: string): (() => FontSource | null)[] {
  const require = createRequire(import.meta.url);
  const chinese = require.resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf');
  const emoji = require.resolve('@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf');
  if (configured !== '' && !existsSync(configured.split('#')[0] ?? ''))
    throw new Error(`PDF_FONT: there is no ${configured}`);
  return [...(configured === '' ? [] : [configured]), chinese, emoji, ...SYSTEM].map(
    (place) => () => load(place),
  );
}

/** Files that do not change: parsing ten megabytes once a process is enough. */
const loaded = new Map<string, FontSource | null>();

function load(place: string): FontSource | null {
  const known = loaded.get(place);
  if (known !== undefined) return known;
  const source = open(place);
  loaded.set(place, source);
  return source;
}

function open(place: string): FontSource | null {
  const [path = '', face] = place.split('#');
  if (!existsSync(path)) return null;
  const bytes = readFileSync(path);
  const opened: Font | FontCollection = create(bytes, face);
  if (!('hasGlyphForCodePoint' in opened)) return null;
  return {
    forDocument: () => Object.assign(Object.create(opened) as Font, { _glyphs: {} }),
    has: (codePoint) => opened.hasGlyphForCodePoint(codePoint),
  };
}
