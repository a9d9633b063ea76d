/**
 * The consent text of /config as WeChat's rich-text component takes it. Drawn from an allow-list, element by
 * element, so that no text of an admin can become markup, script or an outside link.
 */
import { createElement } from 'react';
import type { ReactNode } from 'react';
import type { RichTextNode } from '../../contract/config.js';

const ALLOWED = new Set([
  'p',
  'br',
  'strong',
  'b',
  'em',
  'i',
  'u',
  'span',
  'div',
  'h1',
  'h2',
  'h3',
  'h4',
  'ul',
  'ol',
  'li',
  'hr',
  'blockquote',
]);
const EMPTY = new Set(['br', 'hr']);
/** A paragraph may not stand inside a paragraph, but the document nests them. */
const AS: Record<string, string> = { p: 'div', h1: 'h3', h2: 'h3', h4: 'h3' };

function draw(node: RichTextNode, key: number): ReactNode {
  if (node.text !== undefined && node.children === undefined) {
    return node.text;
  }
  const name = node.name?.toLowerCase() ?? 'span';
  const children = node.children?.map(draw);
  if (!ALLOWED.has(name)) {
    return createElement('span', { key }, children);
  }
  return EMPTY.has(name) ? createElement(name, { key }) : createElement(AS[name] ?? name, { key }, children);
}

export const RichText = ({ nodes }: { nodes: readonly RichTextNode[] }) => (
  <div className="rich-text">{nodes.map(draw)}</div>
);
