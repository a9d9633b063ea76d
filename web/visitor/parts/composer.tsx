/** Where one writes. Enter sends, but never the Enter that confirms pinyin. */
import { useLayoutEffect, useRef, useState } from 'react';
import type { ConversationView, LocalFile } from '../../../contract/client.js';
import type { Message } from '../../../contract/message.js';
import { asLocalFile, ComposerTools } from '../../shared/composer-tools.js';
import { isOnlyEmoji } from '../../shared/emoji.js';
import { QuoteStrip } from '../../shared/quote.js';
import { draft, rememberDraft } from '../device.js';
import { client } from '../hotline.js';
import { t, words } from '../text.js';
import { Icon } from './icons.js';

/** contract/message.ts, MAX_TEXT; a value import would bring the schema library along. */
const MAX_TEXT = 4000;
const NEARLY_FULL = 200;
/** Safari ends the composition just before the Enter that confirmed it. */
const AFTER_COMPOSITION = 50;

interface Props {
  view: ConversationView;
  waiting: boolean;
  quoting: Message | null;
  stopQuoting: () => void;
  nameOfQuoted: (message: Message) => string;
}

export function Composer({ view, waiting, quoting, stopQuoting, nameOfQuoted }: Props) {
  const conversationId = view.id;
  const [text, setText] = useState(draft);
  const [problem, setProblem] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const composedAt = useRef(0);
  const left = MAX_TEXT - text.length;
  const ready = text.trim() !== '' && left >= 0;

  const change = (next: string) => {
    setText(next);
    rememberDraft(next);
    client.typing(conversationId, next.trim() !== '');
  };

  useLayoutEffect(() => {
    const element = field.current;
    if (element !== null) {
      element.style.height = 'auto';
      element.style.height = `${String(Math.min(element.scrollHeight, 140))}px`;
    }
  }, [text]);

  const send = () => {
    if (!ready) {
      return;
    }
    const said = text.trim();
    client.send(conversationId, { kind: isOnlyEmoji(said) ? 'emoji' : 'text', text: said, ...quote() });
    change('');
    after();
    field.current?.focus();
  };
  const quote = () => (quoting === null ? {} : { quote: quoting.seq });
  const after = () => {
    setProblem('');
    stopQuoting();
  };
  const sendFile = (file: LocalFile) => {
    client.send(conversationId, { kind: 'file', file, ...quote() });
    after();
  };
  const offer = (files: FileList | undefined) => {
    for (const file of files ?? []) {
      const local = asLocalFile(file, words);
      if (typeof local === 'string') {
        setProblem(local);
      } else {
        sendFile(local);
      }
    }
    return (files?.length ?? 0) > 0;
  };
  const insert = (emoji: string) => {
    const at = field.current?.selectionStart ?? text.length;
    change(text.slice(0, at) + emoji + text.slice(at));
  };

  // Who chose what to answer wants to write.
  useLayoutEffect(() => {
    if (quoting !== null) {
      field.current?.focus();
    }
  }, [quoting]);

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {left < NEARLY_FULL && (
        <div className={left < 0 ? 'count over' : 'count'} role="status">
          {left < 0 ? t('tooLong', { count: -left }) : t('charsLeft', { count: left })}
        </div>
      )}
      {quoting !== null && (
        <QuoteStrip quoting={quoting} name={nameOfQuoted(quoting)} words={words} onCancel={stopQuoting} />
      )}
      {problem !== '' && (
        <div className="tools-problem" role="alert">
          {problem}
        </div>
      )}
      <ComposerTools words={words} onEmoji={insert} onFile={sendFile} onProblem={setProblem} />
      <div className="composer-line">
        <textarea
          ref={field}
          rows={1}
          value={text}
          aria-label={t('composerLabel')}
          placeholder={t(waiting ? 'composerWaiting' : 'composerPlaceholder')}
          data-testid="composer"
          enterKeyHint="send"
          autoComplete="off"
          onInput={(event) => {
            change(event.currentTarget.value);
          }}
          onCompositionEnd={() => {
            composedAt.current = performance.now();
          }}
          onKeyDown={(event) => {
            const composing =
              event.nativeEvent.isComposing ||
              event.keyCode === 229 ||
              performance.now() - composedAt.current < AFTER_COMPOSITION;
            if (event.key === 'Enter' && !event.shiftKey && !composing) {
              event.preventDefault();
              send();
            }
          }}
          onPaste={(event) => {
            if (offer(event.clipboardData.files)) {
              event.preventDefault();
            }
          }}
          onBlur={() => {
            client.typing(conversationId, false);
          }}
        />
        <button type="submit" className="send" aria-label={t('send')} data-testid="send" disabled={!ready}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
