/** Where one writes. Enter sends, but never the Enter that confirms pinyin. */
import { useLayoutEffect, useRef, useState } from 'react';
import { draft, rememberDraft } from '../device.js';
import { client } from '../hotline.js';
import { t } from '../text.js';
import { Icon } from './icons.js';

/** contract/message.ts, MAX_TEXT; a value import would bring the schema library along. */
const MAX_TEXT = 4000;
const NEARLY_FULL = 200;
/** Safari ends the composition just before the Enter that confirmed it. */
const AFTER_COMPOSITION = 50;

export function Composer({ conversationId, waiting }: { conversationId: string; waiting: boolean }) {
  const [text, setText] = useState(draft);
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
    client.send(conversationId, text.trim());
    change('');
    field.current?.focus();
  };

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
