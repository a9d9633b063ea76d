/**
 * The redacted copy: names, phones, ID numbers and addresses of mail are masked in what was said. By pattern, so it
 * errs on the side of masking; it can't know every way to write a number or every name that is mentioned.
 */
import type { Body } from '../message/seal.js';

export type Mask = (body: Body) => Body;

const HAN_DIGIT = '零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖';
/** Between the digits of a number that is written in groups. */
const GAP = '[\\s\\-—–_.·()（）]{0,2}';
const RULES: readonly [RegExp, string][] = [
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu, '〔邮箱〕'],
  [new RegExp(`(?<![\\d０-９])(?:[\\d０-９]${GAP}){17}[\\dXx０-９Ｘｘ](?![\\d０-９])`, 'gu'), '〔证件号〕'],
  [new RegExp(`(?:[+＋]${GAP})?(?:[\\d０-９]${GAP}){6,}[\\d０-９]`, 'gu'), '〔号码〕'],
  [new RegExp(`(?:[${HAN_DIGIT}]${GAP}){6,}[${HAN_DIGIT}]`, 'gu'), '〔号码〕'],
  [
    /(?<=(?:我叫|名叫|名字叫|名字是|姓名(?:是|为|叫)?[:：]?)\s*)[\u4e00-\u9fff·]{2,4}?(?=[，。,.!！?？；;、\s的，]|$)/gu,
    '〔姓名〕',
  ],
];

/** @param names of the people in the conversation; those of one character are left, they are words */
export function createMask(names: (string | null)[]): Mask {
  const known = names.filter((name): name is string => name !== null && [...name].length >= 2);
  // Longest first: a name that holds another one is masked as a whole.
  known.sort((a, b) => b.length - a.length);
  const text = (value: string): string => {
    let masked = value;
    for (const name of known) masked = masked.replaceAll(name, '〔姓名〕');
    for (const [pattern, word] of RULES) masked = masked.replace(pattern, word);
    return masked;
  };
  // A picture, a voice or a file names people in ways that no pattern finds: the copy goes without.
  return ({ attachment: _attachment, ...body }) => ({
    ...body,
    ...(body.text === undefined ? {} : { text: text(body.text) }),
    ...(body.data === undefined
      ? {}
      : {
          data: Object.fromEntries(
            Object.entries(body.data).map(([key, value]) => [
              key,
              // Ids are 24 hex digits: no pattern of a number that a person has.
              typeof value === 'string' && !/^[0-9a-f]{24}$/.test(value)
                ? key === 'name'
                  ? '〔姓名〕'
                  : text(value)
                : value,
            ]),
          ),
        }),
  });
}
