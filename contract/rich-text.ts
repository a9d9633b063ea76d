/** Plain text as the node list that WeChat's rich-text component takes. No zod here: the pages read it too. */
import type { RichTextNode } from './config.js';

/** Characters of a consent text. */
export const CONSENT_TEXT_MAX = 50_000;

/** One paragraph; each line of the text a line of the page. */
export function richTextOf(text: string): RichTextNode[] {
  const children = text
    .split(/\r?\n/)
    .flatMap((line, index): RichTextNode[] =>
      index === 0 ? [{ type: 'text', text: line }] : [{ name: 'br' }, { type: 'text', text: line }],
    );
  return [{ name: 'p', attrs: { class: 'richText', style: '' }, children }];
}
