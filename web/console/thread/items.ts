/**
 * From the rows of the live client to what the thread shows. Pure. One row makes at most one item, and what stands
 * above it (day, start of the conversation) belongs to the item: so paging in older history only ever adds items
 * at the front, which is what keeps the reader's place.
 */
import type { PendingMessage, Row } from '../../../contract/client.js';
import type { Message } from '../../../contract/message.js';
import { dayOf, MINUTE } from '../ui/time.js';

export type Delivery = 'uploading' | 'sending' | 'sent' | 'received' | 'read' | 'failed' | null;

interface Above {
  key: string;
  /** A moment of the day that begins here. */
  day: number | null;
  /** True on the very first item of the conversation. */
  start: boolean;
}

export interface SystemItem extends Above {
  type: 'system';
  message: Message;
}

export interface MessageItem extends Above {
  type: 'message';
  message: Message | null;
  pending: PendingMessage | null;
  /** Staff stands at the right, the visitor at the left. */
  staff: boolean;
  own: boolean;
  /** First of a run by the same sender: shows the name and the time. */
  head: boolean;
  delivery: Delivery;
}

export type ThreadItem = SystemItem | MessageItem;

/** A pause longer than this begins a new run. */
const RUN = 5 * MINUTE;

export interface ItemOptions {
  meId: string;
  visitorId: string | null;
  /** A talk between staff: one's own lines stand at the right. */
  amongStaff: boolean;
  hasOlder: boolean;
  reads: Readonly<Record<string, number>>;
  received: Readonly<Record<string, number>>;
  /** Server clock minus ours: a line on its way carries our own time. */
  clockOffset: number;
}

const messageOf = (row: Row) => ('message' in row ? row.message : null);

/** A recall shows as the tombstone it leaves, so its own numbered line would say it twice. */
const isShown = (row: Row) => messageOf(row)?.event !== 'recalled';

export function itemsOf(rows: readonly Row[], options: ItemOptions): ThreadItem[] {
  const { meId, visitorId, amongStaff, hasOlder, reads, received, clockOffset } = options;
  const readUpTo = visitorId === null ? 0 : (reads[visitorId] ?? 0);
  const receivedUpTo = visitorId === null ? 0 : (received[visitorId] ?? 0);
  const items: ThreadItem[] = [];
  let before: { sender: string; time: number; day: number } | null = null;

  for (const row of rows.filter(isShown)) {
    const message = messageOf(row);
    const pending = 'pending' in row ? row.pending : null;
    const time = message?.time ?? pending?.receipt?.time ?? (pending?.time ?? 0) + clockOffset;
    const day = dayOf(time);
    const system = message?.kind === 'system';
    const sender = system ? 'system' : (message?.sender.id ?? meId);
    const above: Above = {
      key: row.key,
      day: before?.day === day ? null : time,
      start: before === null && !hasOlder,
    };
    if (message && system) {
      items.push({ ...above, type: 'system', message });
    } else {
      items.push({
        ...above,
        type: 'message',
        message,
        pending,
        staff: message === null || (amongStaff ? sender === meId : message.sender.type !== 'VISITOR'),
        own: sender === meId,
        head: before?.sender !== sender || time - before.time > RUN || before.day !== day,
        delivery: pending?.state ?? null,
      });
    }
    before = { sender, time, day };
  }
  markDelivery(items, readUpTo, receivedUpTo);
  return items;
}

/** One mark at the last line that was read and one at the last that arrived say it for all lines above. */
function markDelivery(items: ThreadItem[], readUpTo: number, receivedUpTo: number) {
  let sent = false;
  for (let at = items.length - 1; at >= 0; at -= 1) {
    const item = items[at];
    if (item?.type !== 'message' || !item.own || item.message === null || item.message.recalled) continue;
    if (item.message.seq <= readUpTo) {
      item.delivery = 'read';
      return;
    }
    if (!sent) {
      item.delivery = item.message.seq <= receivedUpTo ? 'received' : 'sent';
      sent = true;
    }
  }
}
