/** The message that another answers: as a line above it, and above the box while one writes. */
import { useEffect } from 'react';
import type { ConversationView, HotlineClient } from '../../contract/client.js';
import { heldAt } from '../../contract/client/timeline.js';
import type { Message } from '../../contract/message.js';
import { lineOf } from './message-line.js';
import type { ShareWords } from './share-words.js';

/** undefined while it is not known yet, null when there is none to see. */
export const quotedIn = (view: ConversationView, seq: number): Message | null | undefined =>
  heldAt(view.messages, seq) ?? view.quoted[seq];

/** Looked up by number, so that a recall shows here too. */
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

/** Above the box while one answers a message: what it is, and a way back. */
export function QuoteStrip({
  quoting,
  name,
  words,
  onCancel,
}: {
  quoting: Message;
  name: string;
  words: ShareWords;
  onCancel: () => void;
}) {
  return (
    <div className="quote-strip" data-testid="quoting">
      <span className="quote">
        {words('quoting', { name })}：{lineOf(quoting, words)}
      </span>
      <button type="button" aria-label={words('cancelQuote')} onClick={onCancel}>
        ✕
      </button>
    </div>
  );
}
