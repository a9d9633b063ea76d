/** Breaks text into lines of runs, each run in a font that can show it. Knows no PDF. */

export interface Run {
  text: string;
  /** Index into the chain of fonts. */
  font: number;
}
export type TextLine = Run[];

export interface Measure {
  /** The first font that shows all of these code points, or null. */
  fontFor(grapheme: string): number | null;
  width(text: string, font: number): number;
}

/** What must not begin a line, and what must not end one. */
const NOT_FIRST = new Set('，。、；：！？…—～·）》」』】〕”’,.;:!?)]}%％');
const NOT_LAST = new Set('（《「『【〔“‘([{');

const segmenter = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/** A grapheme as it is drawn: itself, or words for what no font can show. */
function shown(grapheme: string, measure: Measure): Run {
  // Asks for the coloured form; without it the base glyph is found.
  const plain = grapheme.replaceAll('\ufe0f', '');
  const font = measure.fontFor(plain);
  if (font !== null) return { text: plain, font };
  return { text: /\p{Extended_Pictographic}/u.test(grapheme) ? '〔表情〕' : '□', font: 0 };
}

interface Piece {
  run: Run;
  width: number;
  /** Letters and digits of one word stay together. */
  word: boolean;
  space: boolean;
}

/** @param width in points */
export function layout(text: string, width: number, measure: Measure): TextLine[] {
  return text.split('\n').flatMap((paragraph) => breakParagraph(piecesOf(paragraph, measure), width));
}

function piecesOf(paragraph: string, measure: Measure): Piece[] {
  return [...segmenter.segment(paragraph.replaceAll('\t', '    '))].map(({ segment }) => {
    const run = shown(segment, measure);
    return {
      run,
      width: measure.width(run.text, run.font),
      word: /^[\p{Script=Latin}\p{Nd}'’_@/\\-]+$/u.test(segment),
      space: segment === ' ',
    };
  });
}

function breakParagraph(pieces: Piece[], width: number): TextLine[] {
  const lines: TextLine[] = [];
  let line: Piece[] = [];
  let used = 0;
  for (const piece of pieces) {
    if (used + piece.width > width && line.length > 0 && !piece.space) {
      const cut = cutOf(line, piece);
      lines.push(joined(line.slice(0, cut)));
      line = line.slice(cut).filter((each, index) => index > 0 || !each.space);
      used = line.reduce((sum, each) => sum + each.width, 0);
    }
    line.push(piece);
    used += piece.width;
  }
  lines.push(joined(line));
  return lines;
}

/** Where a full line ends: before a word that goes on, before what must not end it, never before what must not begin one. */
function cutOf(line: Piece[], next: Piece): number {
  for (let cut = line.length; cut > Math.max(1, line.length - 24); cut -= 1) {
    const last = line[cut - 1];
    const first = cut === line.length ? next : line[cut];
    if (!last || !first) continue;
    if (last.word && first.word) continue;
    if (NOT_FIRST.has(first.run.text) || NOT_LAST.has(last.run.text)) continue;
    return cut;
  }
  return line.length;
}

function joined(pieces: Piece[]): TextLine {
  const runs: TextLine = [];
  for (const { run } of pieces) {
    const last = runs.at(-1);
    if (last && last.font === run.font) last.text += run.text;
    else runs.push({ ...run });
  }
  return runs;
}
