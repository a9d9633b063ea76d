/** Checks a batch: every byte by the seal at its end, every document by the manifest, every transcript by its chain. */
import { open } from 'node:fs/promises';
import { createBlockTree } from './block-tree.js';
import { BATCH, TRANSCRIPT, ZIP } from './formats.js';
import { contentOf, readDirectory, sumOf, type ZipEntry } from './read-zip.js';
import { isSignedBy } from './signing.js';
import { verifyDocument, type Fault, type Verdict } from './verify-document.js';
import { COMMENT_LENGTH, commentOf, signedLeaves, type ZipSeal } from './zip-seal.js';

/** Where a batch keeps the files that its conversations carry: `<conversation>/<seq>.<extension>`. */
export const ATTACHMENTS = 'attachments/';
/** Where a batch keeps the list of what is in it. */
export const MANIFEST = 'manifest.json';

export async function verifyZip(path: string): Promise<Verdict> {
  const verdict: Verdict = { format: ZIP, faults: [], key: null, messages: 0, shown: 0, content: null };
  const file = await open(path, 'r');
  let entries: ZipEntry[] = [];
  let blocks: Fault[] = [];
  try {
    const { size } = await file.stat();
    const sealed = size - COMMENT_LENGTH;
    const comment = Buffer.alloc(COMMENT_LENGTH);
    if (sealed > 0) await file.read(comment, 0, COMMENT_LENGTH, sealed);
    const seal = readSeal(comment);
    if (!seal) {
      verdict.faults.push({
        what: '压缩包末尾的签名已被改动，或这不是心院热线导出的压缩包',
        from: Math.max(0, sealed),
        to: size,
      });
    } else {
      const tree = createBlockTree();
      for await (const chunk of file.createReadStream({ start: 0, end: sealed - 1, autoClose: false }))
        tree.update(chunk as Buffer);
      blocks = checkSeal(verdict, seal, tree.end(), comment, sealed);
    }
    try {
      entries = await readDirectory(file, size, COMMENT_LENGTH);
    } catch {
      verdict.faults.push({
        what: '压缩包的目录已被改动，无法读取',
        from: Math.max(0, sealed - 22),
        to: sealed,
      });
    }
  } finally {
    await file.close();
  }
  const inside = await checkEntries(path, entries, verdict);
  // A block whose damage lies in an entry is told by the entry, which says more.
  for (const block of blocks)
    if (!inside.some((entry) => entry.header < block.to && block.from < entry.to)) verdict.faults.push(block);
  return verdict;
}

function readSeal(comment: Buffer): ZipSeal | null {
  try {
    const seal = JSON.parse(comment.toString('utf8')) as ZipSeal;
    const texts = [seal.keyId, seal.publicKey, seal.signature] as unknown[];
    const whole = Array.isArray(seal.leaves) && texts.every((text) => typeof text === 'string');
    return whole ? seal : null;
  } catch {
    return null;
  }
}

/** @returns the ranges that are not as they were sealed */
function checkSeal(
  verdict: Verdict,
  seal: ZipSeal,
  now: ReturnType<ReturnType<typeof createBlockTree>['end']>,
  comment: Buffer,
  sealed: number,
): Fault[] {
  const at = { from: sealed, to: sealed + COMMENT_LENGTH };
  const respelt = {
    ...seal,
    signature: Buffer.from(seal.signature, 'base64url').toString('base64url'),
  };
  if (!commentOf(respelt).equals(comment)) verdict.faults.push({ what: '压缩包签名的写法已被改动', ...at });
  const signed = isSignedBy(
    Buffer.from(seal.publicKey, 'base64url'),
    signedLeaves(seal.keyId, seal),
    Buffer.from(seal.signature, 'base64url'),
  );
  if (signed) verdict.key = { id: seal.keyId, publicKey: seal.publicKey };
  else verdict.faults.push({ what: '压缩包签名不成立：签名、公钥或摘要表已被改动', ...at });
  if (seal.size !== now.size)
    verdict.faults.push({
      what: `应有${String(seal.size)}字节，现有${String(now.size)}字节`,
      from: 0,
      to: sealed,
    });
  return now.leaves.flatMap((leaf, index) =>
    leaf === seal.leaves[index]
      ? []
      : [
          {
            what: '压缩包的结构（不在任何文件的内容里）已被改动',
            from: index * now.leafSize,
            to: Math.min(sealed, (index + 1) * now.leafSize),
          },
        ],
  );
}

interface Listed {
  name: string;
  size: number;
  sha256: string;
}

/** @returns the entries that are not as they were */
async function checkEntries(path: string, entries: ZipEntry[], verdict: Verdict): Promise<ZipEntry[]> {
  const wrong: ZipEntry[] = [];
  const blame = (entry: ZipEntry, what: string) => {
    wrong.push(entry);
    // With its header: a damaged one moves where the content seems to begin.
    verdict.faults.push({ what: `${entry.name}：${what}`, from: entry.header, to: entry.to });
  };
  const list = await readManifest(path, entries, verdict, blame);
  /** By conversation and seq: the digest that stands in the sealed message. */
  const carried = new Map<string, string>();
  const found = new Map<ZipEntry, string>();
  for (const entry of entries) {
    if (entry.name === MANIFEST) continue;
    const listed = list?.find((each) => each.name === entry.name);
    if (list && !listed) blame(entry, '不在清单里');
    const sum = await sumOf(path, entry).catch(() => null);
    if (!sum) blame(entry, '压缩数据已被改动，无法解开');
    else if (listed && (sum.sha256 !== listed.sha256 || sum.size !== listed.size))
      blame(entry, '内容与封存时不一致');
    if (sum && entry.name.startsWith(ATTACHMENTS)) found.set(entry, sum.sha256);
    else if (sum && entry.name.endsWith('.json')) await checkTranscript(path, entry, verdict, blame, carried);
  }
  for (const [entry, sha256] of found) {
    const [, conversation = '', seq = ''] = /^attachments\/\d+-([0-9a-f]+)\/(\d+)/.exec(entry.name) ?? [];
    if (carried.get(`${conversation} ${seq}`) !== sha256) blame(entry, `与第${seq}条消息里封存的摘要不一致`);
  }
  for (const listed of list ?? [])
    if (!entries.some((entry) => entry.name === listed.name))
      verdict.faults.push({ what: `${listed.name}：文件缺失`, from: 0, to: 0 });
  return wrong;
}

async function readManifest(
  path: string,
  entries: ZipEntry[],
  verdict: Verdict,
  blame: (entry: ZipEntry, what: string) => void,
): Promise<Listed[] | null> {
  const entry = entries.find((each) => each.name === MANIFEST);
  if (!entry) {
    verdict.faults.push({ what: '压缩包里没有清单 manifest.json', from: 0, to: 0 });
    return null;
  }
  const own = verifyDocument(await wholeOf(path, entry).catch(() => Buffer.alloc(0)));
  for (const each of own.faults) blame(entry, each.what);
  if (own.format !== BATCH || own.faults.length > 0) return null;
  verdict.content = own.content;
  return (own.content?.['entries'] ?? []) as Listed[];
}

async function checkTranscript(
  path: string,
  entry: ZipEntry,
  verdict: Verdict,
  blame: (entry: ZipEntry, what: string) => void,
  carried: Map<string, string>,
): Promise<void> {
  const own = verifyDocument(await wholeOf(path, entry));
  noteCarried(own, carried);
  if (own.format !== TRANSCRIPT && own.faults.length === 0) blame(entry, '不是会谈记录');
  for (const each of own.faults) blame(entry, each.what);
  verdict.messages += own.messages;
  verdict.shown += own.shown;
}

async function wholeOf(path: string, entry: ZipEntry): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await contentOf(path, entry, (chunk) => chunks.push(chunk));
  return Buffer.concat(chunks);
}

/** Only a message that shows its words proves what it carries. */
function noteCarried({ content }: Verdict, carried: Map<string, string>): void {
  const conversation = (content?.['conversation'] as { id?: string } | undefined)?.id ?? '';
  const messages = content?.['messages'];
  for (const message of Array.isArray(messages) ? (messages as Carrying[]) : []) {
    const sha256 = message.body?.attachment?.sha256;
    if (sha256 !== undefined && message.salt !== undefined)
      carried.set(`${conversation} ${String(message.seq)}`, sha256);
  }
}

interface Carrying {
  seq: number;
  salt?: string;
  body?: { attachment?: { sha256?: string } };
}
