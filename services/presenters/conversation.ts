import type { Types } from 'mongoose';
import type {
  Conversation as WireConversation,
  QueuePlace,
  SupervisorCall,
} from '../../contract/conversation.js';
import type { UserCard } from '../../contract/user.js';
import type { Call, Conversation } from '../../models/conversation.js';
import type { Ctx } from '../context.js';
import { placesOf } from '../matchmaking/places.js';
import { presentCard } from './user.js';

/** One conversation as 26a answers it. */
export async function presentConversation(ctx: Ctx, row: Conversation): Promise<WireConversation> {
  const [presented] = await presentConversations(ctx, [row]);
  if (!presented) throw new Error('one in, one out');
  return presented;
}

/** Many at once: one query for all people in them, one for all places. */
export async function presentConversations(ctx: Ctx, rows: Conversation[]): Promise<WireConversation[]> {
  const cards = await cardsOf(
    ctx,
    rows.flatMap((row) => [
      row.visitor,
      row.counselor,
      row.requested,
      ...(row.calls ?? []).map(({ supervisor }) => supervisor),
    ]),
  );
  const places = await placesOf(
    ctx,
    // A thread that waits for its supervisor stands in no line.
    rows.filter((row) => row.status === 'WAITING' && row.type === 'COUNSELING_SESSION'),
  );
  return rows.map((row) => present(row, cards, places.get(row._id.toHexString()) ?? null));
}

async function cardsOf(ctx: Ctx, ids: (Types.ObjectId | null)[]): Promise<Map<string, UserCard>> {
  const wanted = ids.filter((id) => id !== null);
  if (wanted.length === 0) return new Map();
  const [users, duties] = await Promise.all([
    ctx.models.User.find({ _id: { $in: wanted } }).lean(),
    ctx.models.Duty.find({ _id: { $in: wanted } }, { presence: 1 }).lean(),
  ]);
  const presence = new Map(duties.map((duty) => [duty._id.toHexString(), duty.presence]));
  return new Map(
    users.map((user) => {
      const id = user._id.toHexString();
      return [id, presentCard(user, presence.get(id) ?? null)];
    }),
  );
}

const deadline = (row: Conversation, kind: string) =>
  row.deadlines.find((entry) => entry.kind === kind)?.at.getTime() ?? null;

function present(
  row: Conversation,
  cards: Map<string, UserCard>,
  place: QueuePlace | null,
): WireConversation {
  const card = (id: Types.ObjectId | null) => (id && cards.get(id.toHexString())) ?? null;
  return {
    id: row._id.toHexString(),
    conversationType: row.type,
    status: row.status,
    channel: row.channel,
    rev: row.rev,
    position: place?.position ?? null,
    wait: place?.wait ?? null,
    waitLeast: place?.waitLeast ?? null,
    visitor: card(row.visitor),
    counselor: card(row.counselor),
    requestedCounselor: card(row.requested),
    createdTime: row.createdAt.getTime(),
    startTime: row.startAt?.getTime() ?? null,
    endTime: row.endAt?.getTime() ?? null,
    limitTime: deadline(row, 'limit'),
    waitDeadline: deadline(row, 'waiting'),
    extended: Boolean(row.extension),
    counselorBackBy: deadline(row, 'dropped'),
    visitorLostTime: row.visitorLostAt?.getTime() ?? null,
    duration: row.duration,
    endCause: row.endCause,
    level: row.level,
    lastSeq: row.lastSeq,
    session: row.session?.toHexString() ?? null,
    ...(row.type === 'REQUEST_SUPERVISE'
      ? { calls: (row.calls ?? []).map((call) => presentCall(call, card)) }
      : {}),
  };
}

function presentCall(call: Call, card: (id: Types.ObjectId) => UserCard | null): SupervisorCall {
  return {
    supervisor: card(call.supervisor),
    state: call.state,
    at: call.at.getTime(),
    reached: call.reachedAt !== null || call.state !== 'CALLED',
    left: call.leftAt !== null,
  };
}
