/** Checks a sealed document: every line, the signature, and the chain of the messages in it. Needs no database. */
import { createHmac } from 'node:crypto';
import { canonicalBody, chainLink, FIRST_LINK, type Body } from '../message/seal.js';
import { closing, lineHash, opening, signedText, type Seal } from './document.js';
import { TRANSCRIPT } from './formats.js';
import { isSignedBy } from './signing.js';

/** One thing that is not as it was sealed; bytes count from 0, `to` is not included. */
export interface Fault {
  what: string;
  from: number;
  to: number;
}

export interface Verdict {
  /** null when it is no sealed document at all. */
  format: string | null;
  faults: Fault[];
  /** Whose signature holds; null when none does. */
  key: { id: string; publicKey: string } | null;
  /** Of a transcript: how many messages, and how many of them show their words. */
  messages: number;
  shown: number;
  /** What the document says besides; only to be believed without faults. */
  content: Record<string, unknown> | null;
}

interface LineAt {
  bytes: Buffer;
  from: number;
}

const SEAL = '"seal":';

export function verifyDocument(bytes: Buffer): Verdict {
  const lines = linesOf(bytes);
  const verdict: Verdict = { format: null, faults: [], key: null, messages: 0, shown: 0, content: null };
  const last = lines.pop();
  if (!last || lines.length === 0)
    return { ...verdict, faults: [fault('这不是心院热线导出的文件', 0, bytes.length)] };
  const seal = readSeal(last);
  verdict.format = formatOf(lines[0]);
  if (!seal) verdict.faults.push(fault('文件末尾的签名行已被改动', last.from, bytes.length));
  else checkSeal(verdict, lines, last, bytes, seal);
  const content = parse(bytes.toString('utf8'));
  if (content) {
    verdict.content = content;
    if (Array.isArray(content['messages'])) checkChain(verdict, content, lines);
  } else if (verdict.faults.length === 0) verdict.faults.push(fault('文件不是完整的JSON', 0, bytes.length));
  return verdict;
}

function linesOf(bytes: Buffer): LineAt[] {
  const lines: LineAt[] = [];
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(10, from);
    const to = end === -1 ? bytes.length : end;
    lines.push({ bytes: bytes.subarray(from, to), from });
    from = to + 1;
  }
  return lines;
}

const fault = (what: string, from: number, to: number): Fault => ({ what, from, to });
const parse = (text: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
};

function formatOf(first: LineAt | undefined): string | null {
  const head = first && parse(`${first.bytes.toString('utf8').replace(/,$/, '')}}`);
  return typeof head?.['format'] === 'string' ? head['format'] : null;
}

function readSeal(last: LineAt): Seal | null {
  const text = last.bytes.toString('utf8');
  if (!text.startsWith(SEAL)) return null;
  const value = parse(text.slice(SEAL.length, -1));
  if (!value) return null;
  const { keyId, publicKey, lines, signature } = value;
  const texts = [keyId, publicKey, signature, ...(Array.isArray(lines) ? (lines as unknown[]) : [null])];
  return texts.every((each) => typeof each === 'string') ? (value as unknown as Seal) : null;
}

function checkSeal(verdict: Verdict, lines: LineAt[], last: LineAt, bytes: Buffer, seal: Seal): void {
  // Base64 has more than one spelling of the same bytes: what was decoded is spelt again.
  const spelt = closing({
    ...seal,
    publicKey: Buffer.from(seal.publicKey, 'base64url').toString('base64url'),
    signature: Buffer.from(seal.signature, 'base64url').toString('base64url'),
  });
  if (!Buffer.from(`${spelt}\n`).equals(bytes.subarray(last.from)))
    verdict.faults.push(fault('签名行的写法已被改动', last.from, bytes.length));
  const [first] = lines;
  if (verdict.format === null || first?.bytes.toString('utf8') !== opening(verdict.format))
    verdict.faults.push(fault('文件开头的格式说明已被改动', 0, first?.bytes.length ?? 0));
  for (const [index, line] of lines.entries())
    if (lineHash(line.bytes) !== seal.lines[index])
      verdict.faults.push(
        fault(
          `第${String(index + 1)}行与封存时不一致${seqOf(line)}`,
          line.from,
          line.from + line.bytes.length,
        ),
      );
  if (lines.length !== seal.lines.length)
    verdict.faults.push(
      fault(`应有${String(seal.lines.length)}行，现有${String(lines.length)}行`, last.from, last.from),
    );
  const signed = isSignedBy(
    Buffer.from(seal.publicKey, 'base64url'),
    signedText(verdict.format ?? '', seal.keyId, seal.lines),
    Buffer.from(seal.signature, 'base64url'),
  );
  if (signed) verdict.key = { id: seal.keyId, publicKey: seal.publicKey };
  else verdict.faults.push(fault('签名不成立：签名、公钥或行摘要表已被改动', last.from, bytes.length));
}

/** Which message a line is, for people. */
function seqOf(line: LineAt): string {
  const seq = /^\{"seq":(\d+)/.exec(line.bytes.toString('utf8'))?.[1];
  return seq === undefined ? '' : `（第${seq}条消息）`;
}

interface Sealed {
  seq: number;
  id: string;
  kind: string;
  sender: { id: string | null };
  time: number;
  state: string;
  body: Body;
  raw?: string;
  salt?: string;
  digest: string;
  link: string;
}

/** What is shown gives its digest, and every digest its link: nothing was left out, added, or put elsewhere. */
function checkChain(verdict: Verdict, content: Record<string, unknown>, lines: LineAt[]): void {
  const messages = content['messages'] as Sealed[];
  const conversation = (content['conversation'] as { id?: string } | undefined)?.id ?? '';
  const summary = content['summary'] as { count?: number } | undefined;
  const start = lines.findIndex((line) => line.bytes.equals(Buffer.from('"messages":['))) + 1;
  let previous: Buffer = FIRST_LINK;
  for (const [index, message] of messages.entries()) {
    const line = lines[start + index];
    const at = (what: string) =>
      fault(
        `第${String(index + 1)}条消息：${what}`,
        line?.from ?? 0,
        line ? line.from + line.bytes.length : 0,
      );
    try {
      const digest = Buffer.from(message.digest, 'base64url');
      if (message.seq !== index + 1) verdict.faults.push(at('序号不连续'));
      if (message.salt !== undefined) {
        const said = message.raw === undefined ? canonicalBody(message.body) : Buffer.from(message.raw);
        const own = createHmac('sha256', Buffer.from(message.salt, 'base64url')).update(said).digest();
        if (!own.equals(digest)) verdict.faults.push(at('内容与当时的摘要不一致'));
        verdict.shown += 1;
      }
      const link = chainLink(
        previous,
        [message.id, conversation, message.seq, message.sender.id, message.kind, message.time],
        digest,
      );
      if (!link.equals(Buffer.from(message.link, 'base64url')))
        verdict.faults.push(at('与前一条消息的链接不成立'));
      // Each link is judged by what it says it follows: one fault is not counted again for all that come after.
      previous = Buffer.from(message.link, 'base64url');
    } catch {
      verdict.faults.push(at('缺少必要的内容'));
    }
  }
  verdict.messages = messages.length;
  if (summary?.count !== messages.length)
    verdict.faults.push(fault(`应有${String(summary?.count)}条消息，现有${String(messages.length)}条`, 0, 0));
  if (verdict.format !== TRANSCRIPT) verdict.faults.push(fault('格式说明与内容不符', 0, 0));
}
