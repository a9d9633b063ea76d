import type { Writable } from 'node:stream';
import { send, ticked, type Occasion } from '../render.js';
import type { Transcript } from '../transcript.js';
import { dayOf, factsOf, nameOf, timeOf, watermarkOf, wordsOf } from '../words.js';

/** Plain text, UTF-8 with a byte order mark so that Windows' editors read it as such. */
export async function renderTxt(transcript: Transcript, out: Writable, occasion: Occasion): Promise<void> {
  const { signal } = occasion;
  const facts = factsOf(transcript).map(([label, value]) => `${label}：${value}\n`);
  await send(
    out,
    `\ufeff心院热线会谈记录\n${watermarkOf(occasion.by, occasion.at)}\n\n${facts.join('')}`,
    signal,
  );
  let day = '';
  for await (const line of ticked(transcript, occasion)) {
    const today = dayOf(line.time);
    if (today !== day) await send(out, `\n———— ${(day = today)} ————\n\n`, signal);
    const words = wordsOf(line).replaceAll('\n', '\n    ');
    await send(
      out,
      line.kind === 'system'
        ? `[${timeOf(line.time)}] —— ${words} ——\n`
        : `[${timeOf(line.time)}] ${nameOf(line.sender)}：${words}\n`,
      signal,
    );
  }
  await send(out, '\n（记录到此为止）\n', signal);
}
