/** What the server told of each list row, joined with what came while its answer was on the way. */
import type { ConversationPreview } from '../../../contract/conversation.js';
import type { Message } from '../../../contract/message.js';

/** The rows of the list: how much is unread, and the last words. */
export interface Rows {
  unread: Record<string, number>;
  last: Record<string, Message | null>;
}

/** What happened here between asking and the answer. */
export interface Meanwhile {
  /** Pushed messages that count as unread. */
  counted: Message[];
  /** How far somebody read, by conversation. */
  read: Map<string, number>;
}

export const nothingYet = (): Meanwhile => ({ counted: [], read: new Map() });

/**
 * The answer may be older than what was pushed since it was asked for: words that are already shown stay, and what
 * came meanwhile is counted on top. A conversation that the answer does not name leaves the rows unless it came
 * meanwhile.
 */
export function joinPreviews(
  told: readonly ConversationPreview[],
  shown: Rows,
  { counted, read }: Meanwhile,
): Rows {
  const rows: Rows = { unread: {}, last: {} };
  for (const { conversationId: id, last, unread } of told) {
    const known = shown.last[id];
    const readTo = read.get(id) ?? 0;
    const end = last?.seq ?? 0;
    rows.last[id] = known && known.seq > end ? known : last;
    rows.unread[id] = readTo > 0 && readTo >= end ? 0 : unread;
  }
  for (const { conversationId: id, seq } of counted) {
    const end = Math.max(told.find((row) => row.conversationId === id)?.last?.seq ?? 0, read.get(id) ?? 0);
    rows.last[id] ??= shown.last[id] ?? null;
    if (seq > end) rows.unread[id] = (rows.unread[id] ?? 0) + 1;
  }
  return rows;
}
