import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Evaluate } from '../../../contract/conversation.js';
import type { Conversation } from '../../../models/conversation.js';
import { unseal } from '../../../platform/keyring.js';
import { evaluate, REPLACE_MS } from '../../../services/evaluation/evaluate.js';
import { NOW, openScene, refusal, type Scene } from '../roster/scene.js';

type Person = Awaited<ReturnType<Scene['user']>>;

let scene: Scene;
let visitor: Person;
let counselor: Person;
let bound: Person;
let session: Conversation;

beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.close());
beforeEach(async () => {
  scene.clock.set(NOW);
  visitor = await scene.user('VISITOR');
  bound = await scene.user('SUPERVISOR');
  counselor = await scene.user('COUNSELOR', { supervisors: [bound.row._id] });
  session = await scene.conversation({ visitor: visitor.row._id, counselor: counselor.row._id });
});

type Given = { conversationId?: string; objectType?: 'CONVERSATION' | 'COUNSELOR' } & Record<string, unknown>;
const rate = (given: Given = {}, who = visitor) =>
  evaluate(
    scene.ctx,
    who.actor,
    Evaluate.parse({ conversationId: session._id.toHexString(), objectType: 'CONVERSATION', ...given }),
  );
const stored = (who = visitor) =>
  scene.models.Evaluation.find({ rater: who.row._id }).sort({ objectType: 1 }).lean();
const levels = async (of = session) => {
  const row = await scene.models.Conversation.findById(of._id).lean();
  return [row?.level, row?.conversationLevel, row?.counselorLevel];
};

describe('a visitor’s rating', () => {
  test('the two documented fields alone are enough, and count nowhere', async () => {
    await rate();
    expect(await stored()).toMatchObject([
      {
        objectType: 'CONVERSATION',
        level: null,
        content: null,
        tags: [],
        institution: 'ecnu',
        at: new Date(NOW),
      },
    ]);
    expect(await levels()).toEqual([null, null, null]);
  });

  test('words are sealed with the conversation’s key and bound to their row; tags are clear', async () => {
    await rate({ level: '4', content: '他听得很认真', tags: ['耐心'] });
    const [row] = await stored();
    expect(row).toMatchObject({ level: 4, tags: ['耐心'] });
    const sealed = row?.content ?? Buffer.alloc(0);
    expect(sealed.includes('认真')).toBe(false);
    const key = await scene.ctx.keys.conversation(session.key.toHexString());
    const id = row?._id.toHexString() ?? '';
    expect(unseal(key, sealed, ['evaluations', 'content', id, 'ecnu']).toString()).toBe('他听得很认真');
    expect(() => unseal(key, sealed, ['evaluations', 'content', visitor.id, 'ecnu'])).toThrow();
  });

  test('the conversation carries its level, else the counselor’s', async () => {
    await rate({ objectType: 'COUNSELOR', level: 2 });
    expect(await levels()).toEqual([2, null, 2]);
    await rate({ level: 5 });
    expect(await levels()).toEqual([5, 5, 2]);
    await rate({ level: '' });
    expect(await levels()).toEqual([2, null, 2]);
  });

  test('a repeat within 24 h of the first replaces it wholly, a later one is refused', async () => {
    await rate({ level: 1, content: '不好', tags: ['快'] });
    scene.clock.pass(REPLACE_MS - 1);
    await rate({ level: 3 });
    scene.clock.pass(1);
    await rate({ level: 4 });
    expect(await stored()).toMatchObject([{ level: 4, content: null, tags: [], at: new Date(NOW) }]);
    scene.clock.pass(1);
    expect(await refusal(rate({ level: 5 }))).toBe('RULE_REFUSED');
    expect(await levels()).toEqual([4, 4, null]);
    // The other object was not rated yet.
    await rate({ objectType: 'COUNSELOR', level: 5 });
  });

  test('replaced words still open: they are sealed for the row that stays', async () => {
    await rate({ content: '一' });
    await rate({ content: '二' });
    const [row] = await stored();
    const key = await scene.ctx.keys.conversation(session.key.toHexString());
    const open = unseal(key, row?.content ?? Buffer.alloc(0), [
      'evaluations',
      'content',
      row?._id.toHexString() ?? '',
      'ecnu',
    ]);
    expect(open.toString()).toBe('二');
  });

  test('twenty at once leave one row, and the conversation carries its level', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => rate({ level: (n % 5) + 1 })));
    const rows = await stored();
    expect(rows).toHaveLength(1);
    expect(await levels()).toEqual([rows[0]?.level, rows[0]?.level, null]);
  });

  test('only after the end, and a counselor only where there was one', async () => {
    const open = { visitor: visitor.row._id, endAt: null, open: true as const };
    const going = await scene.conversation({ ...open, status: 'IN_PROGRESS', counselor: counselor.row._id });
    expect(await refusal(rate({ conversationId: going._id.toHexString() }))).toBe('RULE_REFUSED');
    const alone = await scene.conversation({ visitor: visitor.row._id, status: 'EXPIRED', startAt: null });
    const id = alone._id.toHexString();
    expect(await refusal(rate({ conversationId: id, objectType: 'COUNSELOR' }))).toBe('RULE_REFUSED');
    await rate({ conversationId: id, level: 1 });
    expect(await levels(alone)).toEqual([1, 1, null]);
  });
});

describe('COUNSELOR with the counselor’s id, as the document describes it', () => {
  const byCounselor = { objectType: 'COUNSELOR' as const };
  test('means the latest ended session with them, also while another is going on', async () => {
    const later = await scene.conversation({ visitor: visitor.row._id, counselor: counselor.row._id });
    const theirs = await scene.conversation({
      visitor: (await scene.user('VISITOR')).row._id,
      counselor: counselor.row._id,
    });
    await scene.conversation({
      visitor: visitor.row._id,
      counselor: counselor.row._id,
      status: 'IN_PROGRESS',
      endAt: null,
      open: true,
    });
    await rate({ ...byCounselor, conversationId: counselor.id, level: 5 });
    expect(await levels(later)).toEqual([5, null, 5]);
    expect(await levels(session)).toEqual([null, null, null]);
    expect(await levels(theirs)).toEqual([null, null, null]);
  });

  test('none: unknown; only an open one: after the end; CONVERSATION takes no counselor’s id', async () => {
    const other = await scene.user('COUNSELOR');
    expect(await refusal(rate({ ...byCounselor, conversationId: other.id }))).toBe('NOT_FOUND');
    await scene.conversation({
      visitor: visitor.row._id,
      counselor: other.row._id,
      status: 'IN_PROGRESS',
      endAt: null,
      open: true,
    });
    expect(await refusal(rate({ ...byCounselor, conversationId: other.id }))).toBe('RULE_REFUSED');
    expect(await refusal(rate({ conversationId: counselor.id }))).toBe('NOT_FOUND');
  });

  test('a supervisor’s: sessions of bound counselors, or those they were called to', async () => {
    await rate({ ...byCounselor, conversationId: counselor.id, level: 3 }, bound);
    expect(await stored(bound)).toMatchObject([{ conversation: session._id, level: 3 }]);
    const called = await scene.user('SUPERVISOR');
    expect(await refusal(rate({ ...byCounselor, conversationId: counselor.id }, called))).toBe('NOT_FOUND');
    await callTo(called);
    // A later one that this supervisor has nothing to do with.
    await scene.conversation({ visitor: visitor.row._id, counselor: counselor.row._id });
    await rate({ ...byCounselor, conversationId: counselor.id, level: 2 }, called);
    expect(await stored(called)).toMatchObject([{ conversation: session._id, level: 2 }]);
  });
});

const callTo = (supervisor: Person) =>
  scene.conversation({
    type: 'REQUEST_SUPERVISE',
    session: session._id,
    counselor: counselor.row._id,
    supervisors: [supervisor.row._id],
  });

describe('who may', () => {
  test('its visitor, a bound supervisor, a called one; a supervisor’s level is not the conversation’s', async () => {
    const called = await scene.user('SUPERVISOR');
    expect(await refusal(rate({}, called))).toBe('FORBIDDEN');
    await callTo(called);
    await rate({ level: 1 }, called);
    await rate({ level: 2 }, bound);
    expect(await levels()).toEqual([null, null, null]);
    await rate({ level: 5 });
    await rate({ level: 1 }, bound);
    expect(await levels()).toEqual([5, 5, null]);
  });

  test('nobody else: another visitor, an unbound supervisor, its counselor, admins', async () => {
    for (const role of [
      'VISITOR',
      'SUPERVISOR',
      'COUNSELOR',
      'INSTITUTION_ADMINISTRATOR',
      'SYSTEM_ADMINISTRATOR',
    ] as const) {
      expect(await refusal(rate({}, await scene.user(role)))).toBe('FORBIDDEN');
    }
    expect(await refusal(rate({}, counselor))).toBe('FORBIDDEN');
    expect(await stored()).toEqual([]);
  });

  test('what is unknown, deleted, a thread or of another institution is unknown', async () => {
    const thread = await callTo(bound);
    const foreign = await scene.conversation({ institution: 'other', visitor: visitor.row._id });
    const deleted = await scene.conversation({ visitor: visitor.row._id, deletedAt: new Date(NOW) });
    for (const id of [
      'x',
      'f'.repeat(24),
      '402881447a3cf9cb017a3cf9d2580023',
      ...[thread, foreign, deleted].map(({ _id }) => _id.toHexString()),
    ]) {
      expect(await refusal(rate({ conversationId: id }))).toBe('NOT_FOUND');
    }
    expect(await refusal(rate({ conversationId: thread._id.toHexString() }, bound))).toBe('NOT_FOUND');
  });
});
