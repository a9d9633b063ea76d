/** Draws laid-out text with pdfkit, each run in its font; a font is embedded only once something needs it. */
import { fontChain, type FontSource } from './fonts.js';
import { layout, type Measure, type TextLine } from './layout.js';

export interface Pen {
  measure(size: number): Measure;
  widthOf(text: string, size: number): number;
  lineWidth(line: TextLine, size: number): number;
  /** One line, its top at y. */
  text(text: string, x: number, y: number, size: number, colour: string): void;
  right(text: string, x: number, y: number, size: number, colour: string): void;
  line(lines: TextLine[], x: number, y: number, size: number, colour: string): void;
}

/** @param configured PDF_FONT */
export function createPen(doc: PDFKit.PDFDocument, configured: string): Pen {
  const chain = fontChain(configured);
  const opened = new Map<number, FontSource | null>();
  const chosen = new Map<string, number | null>();
  /** Width at size 1, by font and text. */
  const widths = new Map<string, number>();
  const laid = new Map<string, TextLine>();

  function sourceAt(index: number): FontSource | null {
    if (!opened.has(index)) {
      const source = chain[index]?.() ?? null;
      opened.set(index, source);
      // A parsed font is taken as well as its bytes; pdfkit's types do not say so.
      if (source)
        doc.registerFont(`f${String(index)}`, source.forDocument() as unknown as PDFKit.Mixins.PDFFontSource);
    }
    return opened.get(index) ?? null;
  }

  function fontFor(grapheme: string): number | null {
    const known = chosen.get(grapheme);
    if (known !== undefined) return known;
    // Joiners and skin tones belong to what they follow: a font shows the whole or nothing of it.
    const points = [...grapheme].map((char) => char.codePointAt(0) ?? 0).filter((point) => point !== 0x200d);
    let font: number | null = null;
    for (let index = 0; index < chain.length && font === null; index += 1) {
      const source = sourceAt(index);
      if (source && points.every((point) => source.has(point))) font = index;
    }
    chosen.set(grapheme, font);
    return font;
  }

  function width(text: string, font: number): number {
    const key = `${String(font)}${text}`;
    const known = widths.get(key);
    if (known !== undefined) return known;
    const value = doc
      .font(`f${String(font)}`)
      .fontSize(1)
      .widthOfString(text);
    widths.set(key, value);
    return value;
  }

  /** Unbroken, so that it is the same at every size; the watermark is drawn dozens of times a page. */
  function oneLine(text: string): TextLine {
    const known = laid.get(text);
    if (known) return known;
    const [line = []] = layout(text, Infinity, pen.measure(1));
    laid.set(text, line);
    return line;
  }

  // The Chinese font is what everything is aligned to, and must be there before anything is drawn.
  if (!sourceAt(0)) throw new Error('no font for PDF exports');

  const pen: Pen = {
    measure: (size) => ({ fontFor, width: (text, font) => width(text, font) * size }),
    lineWidth: (line, size) => line.reduce((sum, run) => sum + width(run.text, run.font) * size, 0),
    widthOf: (text, size) => pen.lineWidth(oneLine(text), size),
    text(text, x, y, size, colour) {
      pen.line([oneLine(text)], x, y, size, colour);
    },
    right(text, x, y, size, colour) {
      pen.text(text, x - pen.widthOf(text, size), y, size, colour);
    },
    line(lines, x, y, size, colour) {
      const [line = []] = lines;
      let at = x;
      doc.fillColor(colour);
      for (const run of line) {
        doc.font(`f${String(run.font)}`).fontSize(size);
        // Fonts differ in how high they are: every run stands on the same line.
        doc.text(run.text, at, y + size * 1.05, { lineBreak: false, baseline: 'alphabetic' });
        at += width(run.text, run.font) * size;
      }
    },
  };
  return pen;
}
