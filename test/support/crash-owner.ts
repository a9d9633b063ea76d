/**
 * Whose a session is, through deaths (I22): calling a supervisor, handing over, transferring warm and cold, taking
 * over, handing back. Asked again it is done; left alone it is done or was never begun. At no moment is it nobody's.
 */
import { call, type CrashLab, type CrashOperation, type CrashScene } from './crash.js';
import { makeCounselor, makePerson, type Person } from './factories.js';

type Asked = Parameters<typeof call>;

/** A running session with its counselor, a second one with a free place, and a supervisor. */
async function cast(lab: CrashLab) {
  const { visitor, counselor, id, institution } = await lab.talking();
  const next = await makeCounselor(lab.cluster.node.ctx, 1, { institution });
  const supervisor = await makePerson(lab.cluster.node.ctx, 'SUPERVISOR', { institution });
  await lab.models.User.updateOne(
    { _id: counselor.user._id },
    { $set: { supervisors: [supervisor.user._id] } },
  );
  return { visitor, counselor, next, supervisor, id };
}

/** Of a session that is never to be in the line: that it has an owner, at every look. */
const neverNobodys = (lab: CrashLab, id: string) => async () => {
  const row = await lab.rowOf(id);
  return row.status === 'IN_PROGRESS' && row.counselor ? [] : [`${row.status} with ${String(row.counselor)}`];
};

/** What holds after every one of them: whose it is, who was told, whose the thread is, and the seats. */
async function ownerFaults(
  lab: CrashLab,
  id: string,
  people: { from: Person; to: Person; others?: Person[] },
  { asked, lines }: { asked: boolean; lines: { event: 'handed-over' | 'requeued'; before: number } },
): Promise<string[]> {
  const { from, to, others = [] } = people;
  const row = await lab.rowOf(id);
  const isTheirs = (person: Person) => row.counselor?.equals(person.user._id) === true;
  const done = isTheirs(to);
  const said = { conversation: row._id, event: lines.event };
  const told = (await lab.models.Message.countDocuments(said)) - lines.before;
  const thread = await lab.models.Conversation.findOne({ session: row._id, openThread: true }).lean();
  return [
    ...(row.status === 'IN_PROGRESS' ? [] : [row.status]),
    ...(done || (!asked && isTheirs(from))
      ? []
      : [`${asked ? 'asked again' : 'alone'}: of ${String(row.counselor)}`]),
    ...(told === (done ? 1 : 0) ? [] : [`told of ${String(told)} ${lines.event}, done: ${String(done)}`]),
    ...(thread && String(thread.counselor) !== String(row.counselor) ? ['the thread is another’s'] : []),
    // A supervisor takes none.
    ...(await lab.seatFaults(...[from, to, ...others].filter(({ user }) => user.role === 'COUNSELOR'))),
    ...(await lab.transcriptFaults(id)),
  ];
}

/** One that moves the owner by the call of somebody. */
function moving(
  lab: CrashLab,
  id: string,
  people: { from: Person; to: Person; others?: Person[] },
  ask: (base: string) => Asked,
  lines: { event: 'handed-over' | 'requeued'; before: number },
): CrashScene {
  return {
    act: (base) => call(...ask(base)),
    judge: (_first, asked) => ownerFaults(lab, id, people, { asked, lines }),
    ...(lines.event === 'handed-over' ? { never: neverNobodys(lab, id) } : {}),
  };
}

export const ownerOperations = (lab: CrashLab): CrashOperation[] => [
  {
    name: 'call',
    victim: 'server',
    async prepare() {
      const { counselor, supervisor, id } = await cast(lab);
      const json = { supervise: supervisor.id, conversationId: id };
      return {
        act: (base) => call(base, 'PUT', '/conversation/supervise', counselor, json),
        never: neverNobodys(lab, id),
        async judge(_first, asked) {
          const session = await lab.rowOf(id);
          const threads = await lab.models.Conversation.find({ session: session._id }).lean();
          const [thread] = threads;
          const called = (thread?.calls ?? []).filter((each) => each.supervisor.equals(supervisor.user._id));
          const timers = (thread?.deadlines ?? []).filter(({ kind }) => kind === 'call').length;
          const isThere = called.length === 1;
          return [
            ...(threads.length === 1 || (!asked && threads.length === 0)
              ? []
              : [`${String(threads.length)} threads`]),
            ...(isThere || (!asked && called.length === 0) ? [] : [`called ${String(called.length)} times`]),
            // Nobody waits for ever for a supervisor who does not come.
            ...(timers === (isThere ? 1 : 0) ? [] : [`${String(timers)} timers`]),
            ...(await lab.seatFaults(counselor)),
          ];
        },
      };
    },
  },
  {
    name: 'hand-over',
    victim: 'server',
    async prepare() {
      const { counselor, next, id } = await cast(lab);
      const ask = (base: string): Asked => [
        ...([base, 'POST', `/api/v1/conversations/${id}/transfer`, counselor] as const),
        { counselor: next.id },
      ];
      return moving(lab, id, { from: counselor, to: next }, ask, { event: 'handed-over', before: 0 });
    },
  },
  {
    name: 'warm-transfer',
    victim: 'server',
    async prepare() {
      const { counselor, next, id } = await cast(lab);
      await lab.models.Conversation.updateOne({ _id: id }, { $set: { risk: 'high' } });
      const note = { state: '平稳', risk: '高', plan: '室友陪同', next: '约明日' };
      const path = `/api/v1/conversations/${id}`;
      const offer = { counselor: next.id, note };
      const offered = await call(lab.other.url, 'POST', `${path}/transfer-offer`, counselor, offer);
      if (offered?.status !== 200) throw new Error(`not offered: ${JSON.stringify(offered?.body)}`);
      const ask = (base: string): Asked => [base, 'POST', `${path}/transfer-accept`, next, {}];
      const lines = { event: 'handed-over', before: 0 } as const;
      const scene = moving(lab, id, { from: counselor, to: next }, ask, lines);
      return {
        ...scene,
        async judge(first, asked) {
          const row = await lab.rowOf(id);
          const done = row.counselor?.equals(next.user._id) === true;
          const thread = await lab.models.Conversation.findOne({ session: row._id }, { _id: 1 }).lean();
          const notes = await lab.models.Message.countDocuments({ conversation: thread?._id, kind: 'note' });
          return [
            ...(await scene.judge(first, asked)),
            // What the next one must know is not lost with the node.
            ...(notes === (done ? 1 : 0) ? [] : [`${String(notes)} notes, done: ${String(done)}`]),
            ...(done && row.transfer ? ['still asked'] : []),
          ];
        },
      };
    },
  },
  {
    name: 'give-back',
    victim: 'server',
    async prepare() {
      const { counselor, next, id } = await cast(lab);
      const ask = (base: string): Asked => [
        ...([base, 'POST', `/api/v1/conversations/${id}/give-back`, counselor] as const),
        { note: { state: '希望换一位咨询师' } },
      ];
      return moving(lab, id, { from: counselor, to: next }, ask, { event: 'requeued', before: 0 });
    },
  },
  {
    name: 'take-over',
    victim: 'server',
    async prepare() {
      const { counselor, supervisor, id } = await cast(lab);
      const ask = (base: string): Asked => [
        ...([base, 'POST', `/api/v1/conversations/${id}/step-in`, supervisor] as const),
        { step: 'TAKE_OVER' },
      ];
      return moving(lab, id, { from: counselor, to: supervisor }, ask, { event: 'handed-over', before: 0 });
    },
  },
  {
    name: 'hand-back',
    victim: 'server',
    async prepare() {
      const { counselor, next, supervisor, id } = await cast(lab);
      const path = `/api/v1/conversations/${id}`;
      const taken = await call(lab.other.url, 'POST', `${path}/step-in`, supervisor, { step: 'TAKE_OVER' });
      if (taken?.status !== 200) throw new Error(`not taken over: ${JSON.stringify(taken?.body)}`);
      const ask = (base: string): Asked => [
        ...([base, 'POST', `${path}/hand-back`, supervisor] as const),
        { to: 'counselor' },
      ];
      const people = { from: supervisor, to: counselor, others: [next] };
      return moving(lab, id, people, ask, { event: 'handed-over', before: 1 });
    },
  },
];
