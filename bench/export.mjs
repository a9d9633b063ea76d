/**
 * One batch export of many conversations, by a worker in a process of its own: how long it takes, and how much memory
 * at its highest (VmHWM) and on the way. The goal is 300 MB for 1 000 conversations of 200 messages.
 *
 *   node bench/export.mjs      CONVERSATIONS=1000 MESSAGES=200 FORMATS=pdf,json
 */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { rssKib } from './lib/machine.mjs';
import { report } from './lib/report.mjs';
import { migrated, onStage } from './lib/stage.mjs';

const CONVERSATIONS = Number(process.env.CONVERSATIONS ?? 1000);
const MESSAGES = Number(process.env.MESSAGES ?? 200);
const FORMATS = (process.env.FORMATS ?? 'pdf,json').split(',');
const GOAL_MB = 300;

/** Per cent of the progress at which memory is looked at. */
const AT = [10, 25, 50, 75, 95];

const dist = (path) => import(`../dist/${path}`);
const SAID = [
  '最近总是睡不着，脑子停不下来😢。',
  '愿意多说一点吗？是从什么时候开始的？',
  '大概两个月了，白天也没有精神。',
];

onStage(async (stage) => {
  const env = { ...stage.env, DATABASE: 'bench_export', KEY_PREFIX: 'benchexport' };
  await migrated(env);
  const cast = await stage.people(env, { counselors: 1, visitors: 1, maxConsults: 1 });
  const { ctx } = cast;
  const ids = await fill(ctx, cast);
  const rows = [];
  for (const format of FORMATS) {
    const task = await taskOf(ctx, cast.counselors[0], ids, format);
    const began = performance.now();
    const worker = await stage.start({ ...env, FACES: 'worker' });
    const curve = [];
    let row;
    do {
      await wait(500);
      row = await ctx.models.ExportTask.findById(task).lean();
      const reached = AT.filter((percent) => row.progress >= percent).length;
      while (curve.length < reached) curve.push((rssKib(worker.pid) / 1024).toFixed(0));
    } while (row.status === 'QUEUED' || row.status === 'RUNNING');
    const seconds = (performance.now() - began) / 1000;
    const memory =
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${worker.pid}/status`, 'utf8'))[1]) / 1024;
    await worker.stop();
    rows.push({
      format,
      status: row.status,
      conversations: CONVERSATIONS,
      messages: row.messages,
      seconds: seconds.toFixed(1),
      'ms a conversation': ((seconds * 1000) / CONVERSATIONS).toFixed(0),
      'file MB': ((row.file?.size ?? 0) / 1e6).toFixed(1),
      [`RSS MB at ${AT.join(', ')} %`]: curve.join(', '),
      'highest RSS MB': memory.toFixed(0),
    });
  }
  await cast.close();
  report(stage, 'export', {
    rows,
    goals: rows.map((row) => ({
      figure: `highest RSS, MB, ${row.format}`,
      value: Number(row['highest RSS MB']),
      goal: `≤ ${GOAL_MB}`,
    })),
  });
  if (rows.some((row) => row.status !== 'DONE')) process.exitCode = 1;
});

/** Sealed, linked and numbered as the journal does it, in large writes. */
async function fill(ctx, { visitors: [visitor], counselors: [counselor] }) {
  const [{ Types }, { FIRST_LINK, linkOf, sealBody }] = await Promise.all([
    import('mongoose'),
    dist('services/message/seal.js'),
  ]);
  const ids = [];
  for (let number = 0; number < CONVERSATIONS; number += 1) {
    const _id = new Types.ObjectId();
    const keyId = await ctx.keys.createForConversation(_id, 'bench');
    const key = await ctx.keys.conversation(keyId.toHexString());
    let previous = FIRST_LINK;
    const messages = Array.from({ length: MESSAGES }, (_, index) => {
      const own = new Types.ObjectId();
      const sender = index % 2 ? counselor.user._id : visitor.user._id;
      const header = {
        ...{ _id: own, conversation: _id, seq: index + 1, sender, kind: 'text' },
        at: new Date(1_760_000_000_000 + index * 20_000),
      };
      const text = `${SAID[index % SAID.length]} ${String(number)}-${String(index)}`;
      const sealed = sealBody(key, { text }, own, 'bench');
      previous = linkOf(previous, header, sealed.digest);
      const senderType = index % 2 ? 'COUNSELOR' : 'VISITOR';
      return { ...header, senderType, clientMsgId: `b${index}`, ...sealed, link: previous };
    });
    await ctx.models.Message.collection.insertMany(messages, { ordered: false });
    await ctx.models.Conversation.create({
      ...{ _id, type: 'COUNSELING_SESSION', status: 'FINISHED', institution: 'bench', key: keyId },
      ...{ visitor: visitor.user._id, counselor: counselor.user._id, lastSeq: MESSAGES, sealed: true },
      ...{ startAt: messages[0].at, endAt: messages.at(-1).at, duration: MESSAGES * 20, sealedSeq: MESSAGES },
    });
    ids.push(_id);
  }
  return ids;
}

/** The row that a request leaves; the documented call takes 500 at once, the worker as many as stand in the row. */
async function taskOf(ctx, asker, conversations, format) {
  const [{ Types }, { newExportKey }] = await Promise.all([
    import('mongoose'),
    dist('services/export/folder.js'),
  ]);
  const _id = new Types.ObjectId();
  await ctx.models.ExportTask.create({
    ...{ _id, institution: 'bench', asker: asker.user._id, askerName: 'bench', conversations, format },
    ...{ batch: true, redact: false, status: 'QUEUED', createdAt: new Date() },
    key: await newExportKey(ctx, _id, 'bench'),
  });
  return _id;
}
