/** Above a message: the line that it answers. Looked up by number, so that a recall shows here too. */
import { useEffect } from 'react';
import type { ConversationView, HotlineClient } from '../../contract/client.js';
import { heldAt } from '../../contract/client/timeline.js';
import type { Message } from '../../contract/message.js';
import { lineOf } from './message-line.js';
import type { ShareWords } from './share-words.js';

/** undefined while it is not known yet, null when there is none to see. */
export const quotedIn = (view: ConversationView, seq: number): Message | null | undefined =>
  heldAt(view.messages, seq) ?? view.quoted[seq];

export function Quote({
  seq,
  view,
  client,
  words,
  nameOf,
}: {
  seq: number;
  view: ConversationView;
  client: HotlineClient;
  words: ShareWords;
  nameOf: (message: Message) => string;
}) {
  const quoted = quotedIn(view, seq);
  useEffect(() => {
    if (quoted === undefined) void client.lookUp(view.id, seq);
  }, [client, view.id, seq, quoted]);
  return (
    <span className="quote" data-testid="quote">
      {quoted === undefined
        ? '…'
        : quoted === null
          ? words('quoteLost')
          : quoted.recalled === true
            ? words('quoteRecalled')
            : `${nameOf(quoted)}：${lineOf(quoted, words)}`}
    </span>
  );
}
