/**
 * `npm run verify -- <file> [proof.json] [--keys seal-keys.json]`: is this export as it was made? Needs neither
 * database nor network. A json or zip export proves itself; a pdf, docx, xlsx or txt is proved by the file from its
 * proofUrl. With --keys (the saved answer of GET /api/v1/seal-keys) the signature must be by one of those keys.
 * Exit code 0 = whole, 1 = altered or not to be proved.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { verifyDocument, type Verdict } from '../services/seal/verify-document.js';
import { verifyZip } from '../services/seal/verify-zip.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { keys: { type: 'string' } },
});

async function verify(path: string, proof: string | undefined): Promise<Verdict> {
  if (proof !== undefined) return verifyByProof(path, proof);
  const head = (await readFile(path)).subarray(0, 4);
  // Office files are zips too, but not sealed ones: those have a proof of their own.
  return head.readUInt32LE(0) === 0x04034b50 ? verifyZip(path) : verifyDocument(await readFile(path));
}

async function verifyByProof(path: string, proof: string): Promise<Verdict> {
  const verdict = verifyDocument(await readFile(proof));
  const file = verdict.content?.['file'] as { sha256?: string; size?: number } | undefined;
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk as Buffer);
    size += (chunk as Buffer).length;
  }
  if (!file) verdict.faults.push({ what: '校验文件没有说明它对应哪个文件', from: 0, to: 0 });
  else if (file.sha256 !== hash.digest('hex'))
    verdict.faults.push({
      what: `${path} 的内容与导出时不一致（应有${String(file.size)}字节，现有${String(size)}字节）`,
      from: 0,
      to: size,
    });
  return verdict;
}

async function checkKey(verdict: Verdict, keys: string): Promise<void> {
  const known = JSON.parse(await readFile(keys, 'utf8')) as { result?: { id: string; publicKey: string }[] };
  const { key } = verdict;
  if (key && !known.result?.some((each) => each.id === key.id && each.publicKey === key.publicKey))
    verdict.faults.push({ what: '签名所用的公钥不在平台公布的公钥中', from: 0, to: 0 });
}

const [path, proof] = positionals;
if (path === undefined) {
  console.error('用法：npm run verify -- <导出的文件> [校验文件.json] [--keys seal-keys.json]');
  process.exitCode = 2;
} else {
  const verdict = await verify(path, proof);
  if (values.keys !== undefined) await checkKey(verdict, values.keys);
  for (const fault of verdict.faults)
    console.log(
      `✗ ${fault.what}${fault.to > fault.from ? `  [字节 ${String(fault.from)}–${String(fault.to - 1)}]` : ''}`,
    );
  if (verdict.faults.length > 0) {
    console.log('此文件已被改动，不可信。');
    process.exitCode = 1;
  } else {
    console.log(
      `✓ 完整，未被改动：${String(verdict.messages)}条消息，其中${String(verdict.shown)}条内容可核对。`,
    );
    console.log(`  签名公钥 ${verdict.key?.publicKey ?? ''}（编号 ${verdict.key?.id ?? ''}）`);
    if (values.keys === undefined)
      console.log('  请与平台 /api/v1/seal-keys 公布的公钥核对，或加上 --keys。');
  }
}
