/** Writes the planned past as it would have been written live: sealed, chained, numbered, ended and rated. */
import { Types } from 'mongoose';
import { moveOf, targetOf } from '../conversation/lifecycle.js';
import type { Conversation } from '../../models/conversation.js';
import type { DataKeyRow } from '../../models/data-key.js';
import type { Evaluation } from '../../models/evaluation.js';
import { gramsOf } from '../../models/grams.js';
import type { Message } from '../../models/message.js';
import { dataKey, newKeyMaterial, seal, type DataKey } from '../../platform/keyring.js';
import { FIRST_LINK, linkOf, sealBody, type Body } from '../message/seal.js';
import { DEFAULT_POLICY } from '../policy/rules.js';
import type { PlannedConversation, PlannedLine } from './plan.js';
import { codeOf, type Needs, type NewUser, type StaffByName } from './staff.js';

export interface PastConversation {
  key: DataKeyRow & { wrapped: Buffer };
  conversation: Conversation;
  messages: Message[];
  evaluations: Evaluation[];
}

type Party = Pick<NewUser, '_id' | 'name'>;

/**
 * @param wrapper the institution's key, which wraps the conversation's own
 * @param visitor who came
 * @param staff by username
 */
export function pastConversation(
  ctx: Needs,
  wrapper: DataKey,
  planned: PlannedConversation,
  visitor: Party,
  staff: StaffByName,
): PastConversation {
  const _id = new Types.ObjectId();
  const institution = codeOf(ctx, planned.house);
  const { key, row: keyRow } = newKey(_id, institution, wrapper, planned.arrivedAt);
  const counselor = staff.get(planned.counselor ?? '') ?? null;
  const messages = chain(_id, institution, key, entriesOf(planned, visitor, counselor));
  const conversation = conversationRow(
    planned,
    { _id, institution, keyId: keyRow._id, visitor, counselor, staff },
    messages.length,
  );
  return { key: keyRow, conversation, messages, evaluations: evaluationRows(planned, conversation, key) };
}

/** As services/seal/keys.ts makes one; there each is stored by itself, here all of them go in one write. */
function newKey(conversation: Types.ObjectId, institution: string, wrapper: DataKey, at: number) {
  const _id = new Types.ObjectId();
  const material = newKeyMaterial();
  const wrapped = seal(wrapper, material, ['dataKeys', 'wrapped', _id.toHexString(), institution]);
  const scope = 'conversation' as const;
  const row = { _id, scope, institution, ref: conversation.toHexString(), wrapped, createdAt: new Date(at) };
  return { key: dataKey(_id.toHexString(), material), row };
}

interface Entry {
  sender: Types.ObjectId | null;
  senderType: Message['senderType'];
  clientMsgId: string;
  at: number;
  body: Body;
}

const CARD_TEXT = DEFAULT_POLICY.emergency.map(({ name, phone }) => `${name} ${phone}`).join('\n');

/** Everything that took a number, in order: what was said, the assignment, the crisis card, the end. */
function entriesOf(planned: PlannedConversation, visitor: Party, counselor: Party | null): Entry[] {
  const system = (clientMsgId: string, at: number, body: Body): Entry => ({
    ...{ sender: null, senderType: 'SYSTEM', clientMsgId, at, body },
  });
  const said = ({ who, text, at }: PlannedLine, index: number): Entry => {
    if (who === 'card')
      return system('sys:emergency-card:shown', at, { event: 'emergency-card', text: CARD_TEXT });
    const sender = who === 'visitor' ? visitor._id : (counselor?._id ?? null);
    const senderType = who === 'visitor' ? 'VISITOR' : 'COUNSELOR';
    return { sender, senderType, clientMsgId: `demo-${String(index + 1)}`, at, body: { text } };
  };
  const entries = planned.lines.map(said);
  if (counselor && planned.startAt !== null) {
    const data = { counselor: counselor._id.toHexString(), name: counselor.name };
    entries.push(system('sys:assigned:1', planned.startAt, { event: 'assigned', data }));
  }
  if (planned.cause === 'NOBODY_FREE') {
    const body: Body = { event: 'emergency-card', text: CARD_TEXT, data: { cause: 'NOBODY_FREE' } };
    entries.push(system('sys:emergency-card:waiting', planned.endAt, body));
  }
  // Stable, so that what happens at the same moment keeps this order; the end is always last.
  entries.sort((a, b) => a.at - b.at);
  return [...entries, system('sys:end', planned.endAt, { event: 'ended', data: { cause: planned.cause } })];
}

/** Numbers, seals and links, as services/message/journal.ts does one by one. */
function chain(conversation: Types.ObjectId, institution: string, key: DataKey, entries: Entry[]): Message[] {
  let previous: Buffer = FIRST_LINK;
  return entries.map(({ sender, senderType, clientMsgId, at, body }, index) => {
    const _id = new Types.ObjectId();
    const kind = senderType === 'SYSTEM' ? ('system' as const) : ('text' as const);
    const header = { _id, conversation, seq: index + 1, kind, sender, at: new Date(at) };
    const sealed = sealBody(key, body, _id, institution);
    previous = linkOf(previous, header, sealed.digest);
    const event = body.event === undefined ? {} : { event: body.event };
    return { ...header, senderType, clientMsgId, ...sealed, link: previous, ...event };
  });
}

interface Facts {
  _id: Types.ObjectId;
  institution: string;
  keyId: Types.ObjectId;
  visitor: Party;
  counselor: Party | null;
  staff: StaffByName;
}

function conversationRow(planned: PlannedConversation, facts: Facts, lastSeq: number): Conversation {
  const { cause, startAt, endAt, rating } = planned;
  const { visitor, counselor } = facts;
  const from = startAt === null ? 'WAITING' : 'IN_PROGRESS';
  const status = targetOf(moveOf(cause), from);
  if (status === null) throw new Error(`${cause} does not end ${from}`);
  const byVisitor = cause === 'VISITOR_ENDED' || cause === 'VISITOR_LEFT_QUEUE';
  const byCounselor = cause === 'COUNSELOR_ENDED' ? (counselor?._id ?? null) : null;
  return {
    _id: facts._id,
    type: 'COUNSELING_SESSION',
    status,
    channel: 'TEXT',
    institution: facts.institution,
    visitor: visitor._id,
    counselor: counselor?._id ?? null,
    requested: facts.staff.get(planned.requested ?? '')?._id ?? null,
    supervisors: [],
    session: null,
    // Opened, assigned if it was, ended.
    rev: startAt === null ? 2 : 3,
    attempt: 2,
    queueScore: planned.arrivedAt,
    risk: 'none',
    assignedWhy:
      counselor && (planned.requested ? '访客指定了该咨询师' : '在线且空位最多的咨询师，按到达先后接入'),
    visitorName: visitor.name,
    counselorName: counselor?.name ?? null,
    visitorNameGrams: gramsOf(visitor.name),
    counselorNameGrams: gramsOf(counselor?.name),
    startAt: startAt === null ? null : new Date(startAt),
    endAt: new Date(endAt),
    duration: startAt === null ? null : Math.floor((endAt - startAt) / 1_000),
    endCause: cause,
    endedBy: byVisitor ? visitor._id : byCounselor,
    sealed: true,
    sealedSeq: lastSeq,
    lastSeq,
    deadlines: [],
    level: rating?.level ?? null,
    conversationLevel: rating?.level ?? null,
    counselorLevel: rating?.counselorLevel ?? null,
    consentVersion: DEFAULT_POLICY.consentVersion,
    key: facts.keyId,
    deletedAt: null,
    unrolled: new Types.ObjectId(),
    demo: true,
    createdAt: new Date(planned.arrivedAt),
    updatedAt: new Date(endAt),
  };
}

function evaluationRows(planned: PlannedConversation, row: Conversation, key: DataKey): Evaluation[] {
  const { rating } = planned;
  if (!rating || !row.visitor) return [];
  const common = {
    conversation: row._id,
    rater: row.visitor,
    counselor: row.counselor,
    institution: row.institution,
    unrolled: new Types.ObjectId(),
    at: new Date(rating.at),
    demo: true as const,
  };
  const _id = new Types.ObjectId();
  const place = ['evaluations', 'content', _id.toHexString(), row.institution] as const;
  const content = rating.words === null ? null : seal(key, Buffer.from(rating.words), place);
  const rows: Evaluation[] = [
    { ...common, _id, objectType: 'CONVERSATION', level: rating.level, content, tags: rating.tags },
  ];
  if (rating.counselorLevel !== null) {
    const level = rating.counselorLevel;
    rows.push({
      ...{ ...common, _id: new Types.ObjectId(), objectType: 'COUNSELOR', level, content: null, tags: [] },
    });
  }
  return rows;
}
