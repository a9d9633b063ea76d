/** What can be done with a line that was pressed for long. */
import { client, session } from './hotline.js';
import type { RowView } from './rows.js';
import { own } from './words.js';

/** Longer ago than this nothing can be taken back: docs/protocol.md, "Limits". */
const RECALL_MS = 120_000;

function mayRecall({ messageId, side }: RowView): boolean {
  const { conversations, clockOffset } = client.getState();
  const found = Object.values(conversations)
    .flatMap(({ messages }) => messages)
    .find(({ id }) => id === messageId);
  return (
    side === 'own' &&
    found !== undefined &&
    found.sender.id === session.getState().me?.id &&
    Date.now() + clockOffset - found.time < RECALL_MS
  );
}

export function showMenu(row: RowView, quote: (quoted: { seq: number; text: string }) => void) {
  const text = row.text === '' ? row.name : row.text;
  const actions: [words: string, act: () => void][] = [
    [
      own('quote'),
      () => {
        quote({ seq: row.seq, text: text.slice(0, 40) });
      },
    ],
  ];
  if (row.body === 'text') {
    actions.push([own('copy'), () => void wx.setClipboardData({ data: row.text })]);
  }
  if (mayRecall(row)) {
    actions.push([
      own('recall'),
      () => {
        client.recall(row.messageId).catch(() => {
          void wx.showToast({ title: own('recallFailed'), icon: 'none' });
        });
      },
    ]);
  }
  wx.showActionSheet({
    itemList: actions.map(([words]) => words),
    success: ({ tapIndex }) => actions[tapIndex]?.[1](),
    fail: () => undefined,
  });
}
