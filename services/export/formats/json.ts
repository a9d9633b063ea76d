/**
 * The transcript that proves itself (docs: "Seal"): per message what it says with its salt, or the digest alone
 * where it is recalled, masked or erased, and the link that makes all of them one chain.
 */
import type { Writable } from 'node:stream';
import { sealedDocument } from '../../seal/document.js';
import { TRANSCRIPT } from '../../seal/formats.js';
import { send, ticked, type Occasion } from '../render.js';
import type { Line, LineState, Transcript } from '../transcript.js';
import { momentOf, wordsOf } from '../words.js';

export interface ProvenFile {
  name: string;
  size: number;
  sha256: string;
}

/** @param proves the file that this document goes with, when it is not the export itself */
export async function renderJson(
  transcript: Transcript,
  out: Writable,
  occasion: Occasion,
  proves?: ProvenFile,
): Promise<void> {
  const document = sealedDocument(TRANSCRIPT, occasion.signer, (text) => send(out, text, occasion.signal));
  if (proves) await document.line(`"file":${JSON.stringify(proves)},`);
  await document.line(`"conversation":${JSON.stringify(headOf(transcript))},`);
  await document.line(`"export":${JSON.stringify(exportOf(transcript, occasion))},`);
  await document.line(`"participants":${JSON.stringify(transcript.participants)},`);
  await document.line('"messages":[');
  const counts: Record<LineState, number> = { shown: 0, recalled: 0, masked: 0, erased: 0 };
  let seq = 0;
  for await (const line of ticked(transcript, occasion)) {
    seq += 1;
    counts[line.state] += 1;
    await document.line(messageOf(line) + (seq === transcript.count ? '' : ','));
  }
  await document.line('],');
  await document.line(`"summary":${JSON.stringify({ count: seq, ...counts })},`);
  await document.end();
}

function headOf(transcript: Transcript) {
  const {
    id,
    type,
    status,
    institution,
    institutionName,
    createdTime,
    startTime,
    endTime,
    endCause,
    duration,
    open,
  } = transcript;
  return {
    id,
    type,
    status,
    institution,
    institutionName,
    createdTime,
    startTime,
    endTime,
    endCause,
    duration,
    open,
  };
}

function exportOf(transcript: Transcript, { task, by, at }: Occasion) {
  return { task, by, time: at, timeText: momentOf(at), redacted: transcript.redacted };
}

function messageOf(line: Line): string {
  return JSON.stringify({
    seq: line.seq,
    id: line.id,
    kind: line.kind,
    sender: line.sender,
    time: line.time,
    timeText: momentOf(line.time),
    words: line.kind === 'text' && line.state === 'shown' ? undefined : wordsOf(line),
    state: line.state,
    body: line.body,
    raw: line.raw ?? undefined,
    salt: line.salt?.toString('base64url'),
    digest: line.digest.toString('base64url'),
    link: line.link.toString('base64url'),
  });
}
