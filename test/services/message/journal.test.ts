/**
 * Several messages of one conversation in one write: no gap, nobody's order turned round, a chain that holds, however
 * two nodes write at once.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { FIRST_LINK, linkOf } from '../../../services/message/seal.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { connect, http, type TestSocket } from '../../support/clients.js';
import { makeCounselor, makePerson } from '../../support/factories.js';
import { until } from '../../support/poll.js';

let hotline: Hotline;
const opened: TestSocket[] = [];
beforeAll(async () => {
  hotline = await startHotline({ nodes: 2 });
});
afterAll(() => {
  for (const client of opened) client.close();
  return hotline.stop();
});

/** A conversation under way: the visitor's socket is on the first node, the counselor's on the second. */
async function begun() {
  const { ctx } = hotline.node;
  const [counselor, visitor] = [await makeCounselor(ctx, 1), await makePerson(ctx, 'VISITOR')];
  const { body } = await http(hotline.node.url, 'PUT', '/conversation', {
    token: visitor.token,
    json: { counselor: counselor.id },
  });
  const { id } = body.result as { id: string };
  await until(
    async () => (await ctx.models.Conversation.findById(id).lean().orFail()).status === 'IN_PROGRESS',
    'the visitor is served',
  );
  const [first, second] = hotline.nodes.map(({ url }) => url);
  const [v, c] = [await connect(first ?? '', visitor.token), await connect(second ?? '', counselor.token)];
  opened.push(v, c);
  return { id, v, c };
}

const send = (from: TestSocket, conversationId: string, clientMsgId: string, text = clientMsgId) =>
  from.ask('message:send', { conversationId, clientMsgId, kind: 'text', text });

async function stored(from: TestSocket, conversationId: string, clientMsgId: string, text = clientMsgId) {
  const answer = await send(from, conversationId, clientMsgId, text);
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.data;
}

const rowsOf = (id: string) =>
  hotline.node.ctx.models.Message.find({ conversation: id }).sort({ seq: 1 }).lean();

/** Numbers without a hole, and each row linked to the one before it. */
async function wholeChain(id: string) {
  const rows = await rowsOf(id);
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_row, index) => index + 1));
  let link: Buffer = FIRST_LINK;
  for (const row of rows) {
    const { _id, conversation, seq, sender, kind, at } = row;
    link = linkOf(link, { _id, conversation, seq, sender, kind, at }, bytes(row.digest));
    expect(bytes(row.link)).toEqual(link);
  }
  return rows;
}

const bytes = (value: Buffer | Types.Buffer): Buffer =>
  Buffer.from('buffer' in value && !Buffer.isBuffer(value) ? (value as { buffer: Buffer }).buffer : value);

test('both sides write on two nodes at once: each in their own order, every answer is where it stands', async () => {
  const { id, v, c } = await begun();
  const names = (who: string) => Array.from({ length: 60 }, (_, index) => `${who}-${String(index)}`);
  const [mine, theirs] = [names('v'), names('c')];
  // Long runs meet short ones, on this side and on that.
  const answers = new Map<string, number>();
  const burst = (from: TestSocket, ids: string[]) =>
    ids.map(async (name) => answers.set(name, (await stored(from, id, name)).seq));
  for (let at = 0; at < mine.length; at += 12) {
    await Promise.all([...burst(c, theirs.slice(at, at + 2)), ...burst(v, mine.slice(at, at + 10))]);
    await Promise.all([
      ...burst(v, mine.slice(at + 10, at + 12)),
      ...burst(c, theirs.slice(at + 2, at + 12)),
    ]);
  }
  const rows = await wholeChain(id);
  const standing = (ids: string[]) =>
    rows.map(({ clientMsgId }) => clientMsgId).filter((each) => ids.includes(each));
  expect(standing(mine)).toEqual(mine);
  expect(standing(theirs)).toEqual(theirs);
  for (const { clientMsgId, seq } of rows)
    if (/^[vc]-/.test(clientMsgId)) expect(answers.get(clientMsgId)).toBe(seq);
});

test('a clientMsgId that comes again in the same write is answered with the first, and holds nobody up', async () => {
  const { id, v } = await begun();
  const [first, again, other, third, last] = await Promise.all([
    stored(v, id, 'a', 'one'),
    stored(v, id, 'a', 'two'),
    stored(v, id, 'b'),
    stored(v, id, 'a', 'three'),
    stored(v, id, 'c'),
  ]);
  expect([again, third]).toEqual([first, first]);
  expect([other.seq, last.seq]).toEqual([first.seq + 1, first.seq + 2]);
  await wholeChain(id);
});

test('nothing stands behind the end marker, whatever waited beside it', async () => {
  const { id, v, c } = await begun();
  const some = (from: TestSocket, who: string) =>
    Array.from({ length: 20 }, (_, index) => send(from, id, `${who}-${String(index)}`));
  const early = [...some(v, 'v'), ...some(c, 'c')];
  const ended = c.must('conversation:end', { conversationId: id });
  const answers = await Promise.all([...early, ...some(v, 'w'), ...some(c, 'd')]);
  await ended;
  const rows = await wholeChain(id);
  expect(rows.at(-1)).toMatchObject({ event: 'ended' });
  for (const answer of answers) if (!answer.ok) expect(answer.error.code).toBe('CONVERSATION_ENDED');
  const acknowledged = answers.filter(({ ok }) => ok).length;
  expect(rows.filter(({ clientMsgId }) => /^[vcwd]-/.test(clientMsgId))).toHaveLength(acknowledged);
});
