/** The reply box. The Enter that confirms pinyin never sends; what is typed belongs to this conversation alone. */
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, type KeyboardEvent, type Ref } from 'react';
import { SendOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useClient, useLive } from '../live/context.js';
import { useDrafts } from '../state/drafts.js';

/** contract/message.ts MAX_TEXT; not imported, since that would bring the schema library into the page. */
const MAX_TEXT = 4000;
const NEARLY_FULL = 200;
/** Some input methods end the composition just before the Enter that ended it arrives. */
const AFTER_COMPOSITION = 50;

export interface ComposerHandle {
  focus: () => void;
}

export function Composer({ conversationId, ref }: { conversationId: string; ref?: Ref<ComposerHandle> }) {
  const { t } = useTranslation();
  const client = useClient();
  const usable = useLive((state) => state.connection === 'connected' || state.connection === 'http');
  const text = useDrafts((state) => state.drafts[conversationId] ?? '');
  const write = useDrafts((state) => state.write);
  const box = useRef<HTMLTextAreaElement>(null);
  const compositionEnded = useRef(0);
  const left = MAX_TEXT - text.length;
  const maySend = text.trim() !== '' && left >= 0;

  useImperativeHandle(ref, () => ({ focus: () => box.current?.focus() }), []);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${String(Math.min(element.scrollHeight, 200))}px`;
  }, [text]);

  // Leaving the conversation ends the typing sign at once.
  useEffect(
    () => () => {
      client.typing(conversationId, false);
    },
    [client, conversationId],
  );

  const send = () => {
    if (!maySend) return;
    client.send(conversationId, text.trim());
    client.typing(conversationId, false);
    write(conversationId, '');
    box.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    const composing =
      event.nativeEvent.isComposing ||
      event.keyCode === 229 ||
      event.timeStamp - compositionEnded.current < AFTER_COMPOSITION;
    if (composing) return;
    event.preventDefault();
    send();
  };

  return (
    <div className="composer">
      <textarea
        ref={box}
        rows={2}
        value={text}
        aria-label={t('composer.label')}
        placeholder={t('composer.placeholder')}
        data-testid="composer"
        onChange={(event) => {
          write(conversationId, event.target.value);
          client.typing(conversationId, event.target.value.trim() !== '');
        }}
        onKeyDown={onKeyDown}
        onCompositionEnd={(event) => {
          compositionEnded.current = event.timeStamp;
        }}
        onBlur={() => {
          client.typing(conversationId, false);
        }}
      />
      <div className="composer-foot">
        <span className={left < 0 ? 'is-over' : ''} role={left < 0 ? 'alert' : undefined}>
          {left < 0
            ? t('composer.tooLong', { count: -left })
            : left < NEARLY_FULL
              ? t('composer.left', { count: left })
              : usable
                ? ''
                : t('composer.offlineHint')}
        </span>
        <Button type="primary" icon={<SendOutlined />} disabled={!maySend} onClick={send} data-testid="send">
          {t('composer.send')}
        </Button>
      </div>
    </div>
  );
}
