/**
 * What happened, told after the write by services only. Names are dotted and past; realtime/deliver.ts maps them
 * to the wire's names and realtime/rooms.ts decides who may hear them.
 */
import type { ExportTask } from '../contract/export.js';
import type { Conversation, QueuePlace } from '../contract/conversation.js';
import type { Offer } from '../contract/matchmaking.js';
import type { FollowUpDue, OfflineChange } from '../contract/events.js';
import type { Mark } from '../contract/risk.js';
import type { Message, ReadMark } from '../contract/message.js';
import type { Transfer, TransferClosed } from '../contract/transfer.js';
import type { PresenceChange } from '../contract/user.js';
import type { ConversationType } from '../contract/enums.js';
import type { NamedCutoff } from './account/cutoff.js';

/** Whom a conversation concerns, as stored when the event was published. */
export interface Parties {
  id: string;
  type: ConversationType;
  institution: string;
  visitor: string | null;
  counselor: string | null;
  supervisors: string[];
  /** Supervisors inside a session, and who gave it and is still there. */
  watchers?: string[];
}

export type DomainEvent =
  | { name: 'message.created'; parties: Parties; message: Message; link: string }
  | { name: 'message.recalled'; parties: Parties; id: string; seq: number }
  | { name: 'message.read'; parties: Parties; mark: ReadMark }
  | { name: 'typing.changed'; parties: Parties; userId: string; on: boolean }
  /** `former` = an owner who just lost it and must hear so. */
  | { name: 'conversation.updated'; parties: Parties; conversation: Conversation; former: string | null }
  | { name: 'queue.changed'; institution: string; places: (QueuePlace & { visitor: string })[] }
  /** A supervisor is called to a thread. */
  | {
      name: 'supervision.requested';
      supervisor: string;
      conversation: string;
      session: string;
      /** Somebody is in danger. */
      alarm?: true;
    }
  /** Keyword rules found something in a message: for staff alone. */
  | { name: 'message.marked'; parties: Parties; mark: Mark }
  /** The day of a follow-up has come. */
  | { name: 'follow-up.due'; owner: string; task: FollowUpDue }
  /** A supervisor has reviewed a session of this counselor's. */
  | { name: 'review.saved'; counselor: string; id: string; conversation: string }
  /** A message was left while nobody was there, or somebody looks after one. */
  | { name: 'offline-message.changed'; institution: string; change: OfflineChange }
  /** Somebody waits for this counselor to accept; and no longer does, taken or not. */
  | { name: 'offer.made'; counselor: string; offer: Offer }
  | { name: 'offer.withdrawn'; counselor: string; conversation: string }
  /** A supervisor began or ceased to hear a session; nodes forget their copy of it. */
  | { name: 'watch.changed'; id: string }
  /** Something of it changed that nobody is told of; nodes forget their copy. */
  | { name: 'conversation.changed'; id: string }
  /** A counselor is asked to take a session; and the question is settled. */
  | { name: 'transfer.offered'; counselor: string; transfer: Transfer }
  | { name: 'transfer.closed'; people: string[]; closed: TransferClosed }
  | { name: 'presence.changed'; institution: string; change: PresenceChange }
  /** Gone for everybody: nodes forget what they hold of it. */
  | { name: 'conversation.deleted'; id: string }
  /** To its asker only. */
  | { name: 'export.progress'; asker: string; task: ExportTask }
  /** Heard by every node's cutoff reader: the row counts at once, and the others are read before their turn. */
  | { name: 'cutoff.raised'; row: NamedCutoff };
