/** A transcript on paper: head, timeline with days, who said what; watermark and page numbers on every page. */
import type { Writable } from 'node:stream';
import PDFDocument from 'pdfkit';
import type { SenderType } from '../../../contract/enums.js';
import { layout, type TextLine } from '../layout.js';
import { createPen, type Pen } from '../pen.js';
import { printed, type PrintedPicture } from '../picture.js';
import { send, ticked, type Occasion } from '../render.js';
import type { Line, Transcript } from '../transcript.js';
import { clean, dayOf, factsOf, nameOf, ROLE, timeOf, watermarkOf, wordsOf } from '../words.js';

const PAGE = { width: 595.28, height: 841.89, left: 56, right: 56, top: 76, bottom: 64 };
const WIDTH = PAGE.width - PAGE.left - PAGE.right;
const INK = { text: '#1f2933', soft: '#6b7785', faint: '#a0aab4', rule: '#d9dee3' };
const COLOUR: Record<SenderType, string> = {
  VISITOR: '#2563a8',
  COUNSELOR: '#2f7d5b',
  SUPERVISOR: '#8a5a12',
  ADMINISTRATOR: '#7a3e6b',
  SYSTEM: INK.soft,
};
const SIZE = { title: 17, text: 10.5, small: 8.5 };
const LEAD = 1.55;
/** The most room that a picture takes, in points. */
const PICTURE = { width: 260, height: 240 };

/** In points: a pixel of the screen is 0.75 of them. */
function sizeOf({ width, height }: PrintedPicture): { wide: number; tall: number } {
  const scale = Math.min(PICTURE.width / width, PICTURE.height / height, 0.75);
  return { wide: width * scale, tall: height * scale };
}

export async function renderPdf(transcript: Transcript, out: Writable, occasion: Occasion): Promise<void> {
  const stamp = clean(watermarkOf(occasion.by, occasion.at));
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    info: { Title: `会谈记录 ${transcript.id}`, Creator: '心院热线', CreationDate: new Date(occasion.at) },
  });
  // Read while it is made: what is finished does not wait in memory.
  const written = (async () => {
    for await (const chunk of doc as AsyncIterable<Buffer>) await send(out, chunk, occasion.signal);
  })();
  try {
    const pen = createPen(doc, occasion.pdfFont);
    const paper = createPaper(doc, pen, transcript, stamp);
    paper.head();
    let day = '';
    for await (const line of ticked(transcript, occasion)) {
      const today = dayOf(line.time);
      if (today !== day) paper.day((day = today));
      if (line.kind === 'system') paper.event(line);
      else paper.message(line, line.kind === 'image' ? await pictureOf(transcript, line) : undefined);
    }
    paper.finish();
    doc.end();
  } catch (error) {
    doc.destroy(error as Error);
    await written.catch(() => undefined);
    throw error;
  }
  await written;
}

/** null where there was one that can't be drawn any more; undefined where none is shown. */
async function pictureOf(transcript: Transcript, line: Line): Promise<PrintedPicture | null | undefined> {
  if (line.state !== 'shown' || !line.body.attachment) return undefined;
  return printed(await transcript.file(line));
}

function createPaper(doc: PDFKit.PDFDocument, pen: Pen, transcript: Transcript, stamp: string) {
  let y = 0;
  const bottom = PAGE.height - PAGE.bottom;

  function page(): void {
    doc.addPage();
    watermark();
    pen.line(
      layout('心院热线 · 会谈记录', WIDTH, pen.measure(SIZE.small)),
      PAGE.left,
      40,
      SIZE.small,
      INK.soft,
    );
    pen.right(`编号 ${transcript.id}`, PAGE.width - PAGE.right, 40, SIZE.small, INK.soft);
    rule(56);
    y = PAGE.top;
  }
  function rule(at: number): void {
    doc
      .lineWidth(0.6)
      .strokeColor(INK.rule)
      .moveTo(PAGE.left, at)
      .lineTo(PAGE.width - PAGE.right, at)
      .stroke();
  }
  /** Under the text, so faint that it can be read through. */
  function watermark(): void {
    doc.save();
    doc.rotate(-28, { origin: [PAGE.width / 2, PAGE.height / 2] });
    doc.fillOpacity(0.07);
    const step = pen.widthOf(stamp, 15) + 70;
    for (let row = -1; row < 7; row += 1)
      for (let column = -1; column < 3; column += 1)
        pen.text(stamp, column * step + (row % 2) * (step / 2) - 60, row * 150 - 40, 15, '#000000');
    doc.restore();
  }
  function need(height: number): void {
    if (y + height > bottom) page();
  }
  function write(lines: TextLine[], x: number, size: number, colour: string, beside?: () => void): void {
    for (const line of lines) {
      need(size * LEAD);
      beside?.();
      pen.line([line], x, y, size, colour);
      y += size * LEAD;
    }
  }

  /** Under its words, whole on one page. */
  function draw(picture: PrintedPicture, colour: string): void {
    const { wide, tall } = sizeOf(picture);
    need(tall + 6);
    doc
      .rect(PAGE.left, y - 1, 2, tall + 6)
      .fillColor(colour, 0.55)
      .fill()
      .fillOpacity(1);
    doc.image(picture.bytes, PAGE.left + 12, y + 2, { width: wide, height: tall });
    y += tall + 4;
  }

  return {
    head(): void {
      page();
      write(layout('会谈记录', WIDTH, pen.measure(SIZE.title)), PAGE.left, SIZE.title, INK.text);
      y += 4;
      for (const [label, value] of factsOf(transcript)) {
        const lines = layout(clean(value), WIDTH - 76, pen.measure(SIZE.text));
        need(SIZE.text * LEAD);
        pen.text(label, PAGE.left, y, SIZE.text, INK.soft);
        write(lines, PAGE.left + 76, SIZE.text, INK.text);
      }
      y += 6;
      rule(y);
      y += 10;
    },
    day(words: string): void {
      need(60);
      y += 8;
      const width = pen.widthOf(words, SIZE.small);
      const middle = PAGE.width / 2;
      doc.lineWidth(0.6).strokeColor(INK.rule);
      doc
        .moveTo(PAGE.left, y + 6)
        .lineTo(middle - width / 2 - 10, y + 6)
        .stroke();
      doc
        .moveTo(middle + width / 2 + 10, y + 6)
        .lineTo(PAGE.width - PAGE.right, y + 6)
        .stroke();
      pen.text(words, middle - width / 2, y, SIZE.small, INK.soft);
      y += 22;
    },
    event(line: Line): void {
      const lines = layout(
        clean(`${timeOf(line.time)}  ${wordsOf(line)}`),
        WIDTH - 80,
        pen.measure(SIZE.small),
      );
      need(SIZE.small * LEAD + 8);
      y += 3;
      for (const each of lines) {
        need(SIZE.small * LEAD);
        pen.line([each], (PAGE.width - pen.lineWidth(each, SIZE.small)) / 2, y, SIZE.small, INK.soft);
        y += SIZE.small * LEAD;
      }
      y += 6;
    },
    message(line: Line, picture: PrintedPicture | null | undefined): void {
      const { type } = line.sender;
      const colour = COLOUR[type];
      const name = clean(nameOf(line.sender));
      const title = layout(
        name === ROLE[type] ? name : `${name}（${ROLE[type]}）`,
        WIDTH - 90,
        pen.measure(SIZE.small),
      );
      const words = picture === null ? `${wordsOf(line)}（图片文件已不在，无法显示）` : wordsOf(line);
      const lines = layout(clean(words), WIDTH - 12, pen.measure(SIZE.text));
      // A name never stands alone at the foot of a page, and a picture never without its name.
      const together = picture
        ? lines.length * SIZE.text * LEAD + sizeOf(picture).tall + 8
        : SIZE.text * LEAD;
      need(SIZE.small * LEAD + together + 2);
      pen.line(title.slice(0, 1), PAGE.left + 12, y, SIZE.small, colour);
      pen.right(
        `#${String(line.seq)}  ${timeOf(line.time)}`,
        PAGE.width - PAGE.right,
        y,
        SIZE.small,
        INK.faint,
      );
      const bar = () =>
        doc
          .rect(PAGE.left, y - 1, 2, SIZE.text * LEAD)
          .fillColor(colour, 0.55)
          .fill()
          .fillOpacity(1);
      doc
        .rect(PAGE.left, y - 1, 2, SIZE.small * LEAD)
        .fillColor(colour, 0.55)
        .fill()
        .fillOpacity(1);
      y += SIZE.small * LEAD;
      write(
        lines,
        PAGE.left + 12,
        SIZE.text,
        line.state === 'shown' || line.state === 'masked' ? INK.text : INK.faint,
        bar,
      );
      if (picture) draw(picture, colour);
      y += 9;
    },
    finish(): void {
      need(40);
      y += 6;
      const last = transcript.open ? '（导出时会谈尚未结束，记录截至此处）' : '（记录到此为止）';
      pen.text(last, (PAGE.width - pen.widthOf(last, SIZE.small)) / 2, y, SIZE.small, INK.faint);
      const { start, count } = doc.bufferedPageRange();
      for (let index = start; index < start + count; index += 1) {
        doc.switchToPage(index);
        rule(PAGE.height - 48);
        pen.text(stamp, PAGE.left, PAGE.height - 40, SIZE.small, INK.soft);
        pen.right(
          `第 ${String(index + 1)} 页，共 ${String(count)} 页`,
          PAGE.width - PAGE.right,
          PAGE.height - 40,
          SIZE.small,
          INK.soft,
        );
      }
    },
  };
}
