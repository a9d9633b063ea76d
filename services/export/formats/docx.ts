/** A transcript as a document that can be edited. Text only: no fields, links or macros come from what people typed. */
import type { Writable } from 'node:stream';
import {
  AlignmentType,
  Document,
  Footer,
  Header,
  ImageRun,
  Packer,
  PageNumber,
  Paragraph,
  TextRun,
} from 'docx';
import type { SenderType } from '../../../contract/enums.js';
import { printed, type PrintedPicture } from '../picture.js';
import { send, ticked, type Occasion } from '../render.js';
import type { Transcript } from '../transcript.js';
import { clean, dayOf, factsOf, nameOf, ROLE, timeOf, watermarkOf, wordsOf } from '../words.js';

const FONT = { ascii: 'Calibri', hAnsi: 'Calibri', eastAsia: '微软雅黑', cs: 'Calibri' };
const COLOUR: Record<SenderType, string> = {
  VISITOR: '2563A8',
  COUNSELOR: '2F7D5B',
  SUPERVISOR: '8A5A12',
  ADMINISTRATOR: '7A3E6B',
  SYSTEM: '6B7785',
};
const SOFT = '6B7785';
/** Longest side of a picture, in pixels of the page. */
const PICTURE = 340;

/** Line breaks within a paragraph. */
const broken = (text: string, more: object = {}): TextRun[] =>
  clean(text)
    .split('\n')
    .map((part, index) => new TextRun({ text: part, ...(index === 0 ? {} : { break: 1 }), ...more }));
const small = (text: string, alignment?: (typeof AlignmentType)[keyof typeof AlignmentType]): Paragraph =>
  new Paragraph({
    ...(alignment ? { alignment } : {}),
    spacing: { before: 80, after: 80 },
    children: broken(text, { size: 17, color: SOFT }),
  });

const image = ({ bytes, width, height }: PrintedPicture): ImageRun => {
  const scale = Math.min(PICTURE / width, PICTURE / height, 1);
  return new ImageRun({
    type: 'jpg',
    data: bytes,
    transformation: { width: Math.round(width * scale), height: Math.round(height * scale) },
  });
};

export async function renderDocx(transcript: Transcript, out: Writable, occasion: Occasion): Promise<void> {
  const stamp = clean(watermarkOf(occasion.by, occasion.at));
  const children: Paragraph[] = [
    new Paragraph({ spacing: { after: 160 }, children: [new TextRun({ text: '会谈记录', size: 36 })] }),
    ...factsOf(transcript).map(
      ([label, value]) =>
        new Paragraph({
          tabStops: [{ type: 'left', position: 1500 }],
          children: [new TextRun({ text: `${label}\t`, color: SOFT }), ...broken(value)],
        }),
    ),
  ];
  let day = '';
  for await (const line of ticked(transcript, occasion)) {
    const today = dayOf(line.time);
    if (today !== day) children.push(small(`———  ${(day = today)}  ———`, AlignmentType.CENTER));
    if (line.kind === 'system') {
      children.push(small(`${timeOf(line.time)}  ${wordsOf(line)}`, AlignmentType.CENTER));
      continue;
    }
    const said = line.state === 'shown' || line.state === 'masked';
    children.push(
      new Paragraph({
        keepNext: true,
        spacing: { before: 140 },
        children: [
          new TextRun({ text: clean(nameOf(line.sender)), color: COLOUR[line.sender.type], size: 18 }),
          new TextRun({
            text: `（${ROLE[line.sender.type]}）  ${timeOf(line.time)}  #${String(line.seq)}`,
            color: SOFT,
            size: 16,
          }),
        ],
      }),
      new Paragraph({ children: broken(wordsOf(line), said ? {} : { color: SOFT }) }),
    );
    const picture = line.kind === 'image' ? await printed(await transcript.file(line)) : null;
    if (picture) children.push(new Paragraph({ children: [image(picture)] }));
  }
  children.push(
    small(
      transcript.open ? '（导出时会谈尚未结束，记录截至此处）' : '（记录到此为止）',
      AlignmentType.CENTER,
    ),
  );
  const document = new Document({
    creator: '心院热线',
    title: `会谈记录 ${transcript.id}`,
    styles: { default: { document: { run: { font: FONT, size: 21 } } } },
    sections: [
      {
        headers: {
          default: new Header({ children: [small(`心院热线 · 会谈记录    编号 ${transcript.id}`)] }),
        },
        footers: {
          default: new Footer({
            children: [
              new Paragraph({
                children: [
                  new TextRun({ text: `${stamp}    第 `, size: 17, color: SOFT }),
                  new TextRun({ children: [PageNumber.CURRENT], size: 17, color: SOFT }),
                  new TextRun({ text: ' 页，共 ', size: 17, color: SOFT }),
                  new TextRun({ children: [PageNumber.TOTAL_PAGES], size: 17, color: SOFT }),
                  new TextRun({ text: ' 页', size: 17, color: SOFT }),
                ],
              }),
            ],
          }),
        },
        children,
      },
    ],
  });
  await send(out, await Packer.toBuffer(document), occasion.signal);
}
