/**
 * Bugs to be planted into a copy of the tree, one at a time (T15 of the reliability plan): each is a small edit, and
 * names the test that must turn red. `npm run planted` does it; test/chaos/planted.test.ts holds every edit to the
 * code as it is today, so that a mutant whose place has moved is noticed at once.
 *
 * An edit replaces `from`, which stands exactly once in its file, by `to`.
 */

/**
 * @typedef {{ file: string, from: string, to: string }} Edit
 * @typedef {{ name: string, promise: string, edits: Edit[],
 *   caught: { file: string, test: string, env?: Record<string, string> } }} Mutant
 */

/** @type {Mutant[]} */
export const MUTANTS = [
  {
    name: 'ack before write',
    promise: 'I1',
    edits: [
      {
        file: 'services/message/journal.ts',
        from: '    const { count, error } = await insertInOrder(collection, rowsOf(batch));\n',
        to: `    for (const { pending, row } of batch)
      settle(pending, () => {
        pending.resolve({ id: pending.id.toHexString(), seq: row.seq, time: row.at.getTime(), repeated: false });
      });
    const { count, error } = await insertInOrder(collection, rowsOf(batch));
`,
      },
    ],
    caught: {
      file: 'test/chaos/races.test.ts',
      test: 'sends racing with the end stand before the marker or are refused',
      env: { RACE_ROUNDS: '20' },
    },
  },
  {
    name: 'unique index of clientMsgId dropped',
    promise: 'I3',
    edits: [
      {
        file: 'models/message.ts',
        from: 'messageSchema.index({ conversation: 1, sender: 1, clientMsgId: 1 }, { unique: true });',
        to: 'messageSchema.index({ conversation: 1, sender: 1, clientMsgId: 1 });',
      },
    ],
    caught: {
      file: 'test/chaos/races.test.ts',
      test: 'one clientMsgId with other words on both nodes at once is one row and one answer',
      env: { RACE_ROUNDS: '20' },
    },
  },
  {
    name: 'unique index of seq dropped',
    promise: 'I2',
    edits: [
      {
        file: 'models/message.ts',
        from: 'messageSchema.index({ conversation: 1, seq: 1 }, { unique: true });',
        to: 'messageSchema.index({ conversation: 1, seq: 1 });',
      },
    ],
    caught: {
      file: 'test/realtime/chat.test.ts',
      test: 'many messages from both sides on two nodes are numbered without a hole',
    },
  },
  {
    name: 'unique index of one open conversation dropped',
    promise: 'I6',
    edits: [
      {
        file: 'models/conversation.ts',
        from: 'conversationSchema.index({ visitor: 1 }, { unique: true, partialFilterExpression: { open: true } });',
        to: 'conversationSchema.index({ visitor: 1 }, { partialFilterExpression: { open: true } });',
      },
    ],
    caught: {
      file: 'test/chaos/races.test.ts',
      test: 'one visitor who taps on both nodes at once has one conversation and one seat',
    },
  },
  {
    name: 'counter for set: the cap is read apart from the seat that is taken',
    promise: 'I5',
    edits: [
      {
        file: 'services/matchmaking/seat.ts',
        from: "      $expr: { $lt: [{ $size: '$seats' }, '$maxConsults'] },\n",
        to: '',
      },
    ],
    caught: {
      file: 'test/chaos/linear.test.ts',
      test: 'seats of one counselor, taken, freed and capped on two nodes at once, are linearizable',
    },
  },
  {
    name: 'no sweeper',
    promise: 'I7',
    edits: [{ file: 'workers/jobs/sweep.ts', from: '  waiting: sweepWaiting,\n', to: '' }],
    caught: {
      file: 'test/realtime/redis-away.test.ts',
      test: 'a visitor whom a crash left out of the line is put into it',
    },
  },
  {
    name: 'fetch before subscribe: what is pushed during the fetch is not heard',
    promise: 'I4',
    edits: [
      {
        file: 'contract/client.ts',
        from: `        held.push(() => {
          take(event, payload);
        });
`,
        to: '        void held;\n',
      },
    ],
    caught: {
      file: 'test/contract/client.test.ts',
      test: 'subscribes, syncs from the last seq, and merges pushes that came meanwhile',
    },
  },
  {
    name: 'lock freed before commit: the seat is let go before the conversation has it',
    promise: 'I8',
    edits: [
      {
        file: 'services/conversation/hand-over.ts',
        from: '  const handed = await changeOwner(ctx, row, target, how);\n',
        to: `  await pullAttempt(ctx, target._id, row._id, attempt);
  const handed = await changeOwner(ctx, row, target, how);
`,
      },
    ],
    caught: {
      file: 'test/services/conversation/hand-over.test.ts',
      test: 'transfers at once on two nodes: one owner, one seat',
    },
  },
  {
    name: 'no turns: two nodes give away the seats of one line beside each other',
    promise: 'I7',
    edits: [
      {
        file: 'services/matchmaking/turn.ts',
        from: '  let held = await take(ctx, key, token);\n',
        to: '  let held = false;\n  void take;\n',
      },
    ],
    caught: {
      file: 'test/services/matchmaking/order.test.ts',
      test: 'turns of two nodes never overlap, and each is held while it runs',
    },
  },
  {
    name: 'no fence: a hand-over does not look whether it is still the same session',
    promise: 'I6',
    edits: [
      {
        file: 'services/conversation/hand-over.ts',
        from: "      status: 'IN_PROGRESS',\n      counselor: row.counselor,\n      attempt: row.attempt,\n      // What",
        to: '      // What',
      },
    ],
    caught: {
      file: 'test/services/conversation/hand-over.test.ts',
      test: 'transfers at once on two nodes: one owner, one seat',
    },
  },
  {
    name: 'audit after send',
    promise: 'I15',
    edits: [
      {
        file: 'services/message/reading.ts',
        from: '  await ctx.audit.write({',
        to: '  void ctx.audit.write({',
      },
    ],
    caught: {
      file: 'test/chaos/aimed.test.ts',
      test: 'an audit entry that the database has not taken yet holds the transcript back',
    },
  },
  {
    name: 'tenant filter missing on one list',
    promise: 'I14',
    edits: [
      {
        file: 'services/conversation/consult-list.ts',
        from: "    case 'INSTITUTION_ADMINISTRATOR':\n      return { institution: actor.institution };",
        to: "    case 'INSTITUTION_ADMINISTRATOR':\n      return {};",
      },
    ],
    caught: {
      file: 'test/http/part-one.test.ts',
      test: '28: a counselor lists own sessions only',
    },
  },
  {
    name: 'cut-off on one node only: others hear of it by Redis alone',
    promise: 'I12',
    edits: [
      {
        file: 'services/account/cutoff.ts',
        from: 'const READ_EVERY_MS = 500;',
        to: 'const READ_EVERY_MS = 3_600_000;',
      },
    ],
    caught: {
      file: 'test/realtime/redis-away.test.ts',
      test: 'a cut-off holds within a second on every node while Redis is away',
    },
  },
  {
    name: 'timer in memory: nobody looks at the dates in the database',
    promise: 'I10',
    edits: [{ file: 'workers/jobs/sweep.ts', from: '  deadlines: sweepDeadlines,\n', to: '' }],
    caught: { file: 'test/chaos/chaos.test.ts', test: 'FLUSHALL loses nothing' },
  },
  {
    name: 'partial export visible',
    promise: 'I11',
    edits: [
      {
        file: 'services/export/run.ts',
        from: '    const part = `${stored}.part`;\n',
        to: `    const part = stored;
    const early = { name, stored, size: 1, sha256: '' };
    const expiresAt = new Date(ctx.clock.now() + 3_600_000);
    await ctx.models.ExportTask.updateOne({ _id: task._id }, { $set: { file: early, expiresAt } });
`,
      },
      {
        file: 'services/export/download.ts',
        from: "  const file = task.status === 'DONE' ? task[which] : null;",
        to: '  const file = task[which];',
      },
    ],
    caught: {
      file: 'test/chaos/export.test.ts',
      test: 'three deaths in a row on each export',
    },
  },
  {
    name: 'error cached for a retry',
    promise: 'I1',
    edits: [
      {
        file: 'services/conversation/cache.ts',
        from: '        if (loading.get(id) === load) loading.delete(id);\n      })',
        to: '      })\n      .then((row) => {\n        if (loading.get(id) === load) loading.delete(id);\n        return row;\n      })',
      },
    ],
    caught: {
      file: 'test/chaos/aimed.test.ts',
      test: 'a read of a conversation that failed once is asked anew, and the same send goes through',
    },
  },
  {
    name: 'nonce reused',
    promise: 'I16',
    edits: [
      {
        file: 'platform/keyring.ts',
        from: '  const nonce = pooledRandom(NONCE);',
        to: '  const nonce = Buffer.alloc(NONCE, 7);',
      },
    ],
    caught: { file: 'test/chaos/races.test.ts', test: 'no two values are sealed under one nonce' },
  },
  {
    name: 'recovery skips auth: whoever was let in once is let in again',
    promise: 'I12',
    edits: [
      {
        file: 'services/account/session-cache.ts',
        from: "      principal.sessionVersion >= cutoffs.version('session', principal.session) &&\n",
        to: '',
      },
    ],
    caught: {
      file: 'test/realtime/cut-off.test.ts',
      test: 'log-out closes the session’s sockets on both nodes within a second',
    },
  },
  {
    name: 'job finished without fence',
    promise: 'I11',
    edits: [
      {
        file: 'services/export/lease.ts',
        from: "  const own = { _id: task._id, status: 'RUNNING' as const, fence: task.fence };",
        to: '  const own = { _id: task._id };',
      },
    ],
    caught: {
      file: 'test/chaos/export.test.ts',
      test: 'a worker that was paused past its lease cannot finish what another has taken up',
    },
  },
];
