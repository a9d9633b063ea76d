/** The reply box. The Enter that confirms pinyin never sends; what is typed belongs to this conversation alone. */
import {
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type Ref,
} from 'react';
import { PhoneOutlined, SendOutlined, ThunderboltOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { LocalFile } from '../../../contract/client.js';
import type { Message } from '../../../contract/message.js';
import { asLocalFile, ComposerTools } from '../../shared/composer-tools.js';
import { isOnlyEmoji } from '../../shared/emoji.js';
import { QuoteStrip } from '../../shared/quote.js';
import { useShareWords } from '../ui/share-words.js';
import { useClient, useLive } from '../live/context.js';
import { useDrafts } from '../state/drafts.js';
import { CannedList } from './canned-list.js';
import { useCanned } from './use-canned.js';

/** contract/message.ts MAX_TEXT; not imported, since that would bring the schema library into the page. */
const MAX_TEXT = 4000;
const NEARLY_FULL = 200;
/** Some input methods end the composition just before the Enter that ended it arrives. */
const AFTER_COMPOSITION = 50;

export interface ComposerHandle {
  focus: () => void;
}

interface Props {
  conversationId: string;
  ref?: Ref<ComposerHandle>;
  /** What the next message answers. */
  quoting: Message | null;
  stopQuoting: () => void;
}

export function Composer({ conversationId, ref, quoting, stopQuoting }: Props) {
  const { t } = useTranslation();
  const client = useClient();
  const usable = useLive((state) => state.connection === 'connected' || state.connection === 'http');
  const text = useDrafts((state) => state.drafts[conversationId] ?? '');
  const write = useDrafts((state) => state.write);
  const words = useShareWords();
  const { modal } = App.useApp();
  const [problem, setProblem] = useState('');
  const box = useRef<HTMLTextAreaElement>(null);
  const compositionEnded = useRef(0);
  /** Where the caret goes once the words that were put in stand in the box. */
  const caret = useRef<number | null>(null);
  const left = MAX_TEXT - text.length;
  const maySend = text.trim() !== '' && left >= 0;

  useImperativeHandle(ref, () => ({ focus: () => box.current?.focus() }), []);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${String(Math.min(element.scrollHeight, 200))}px`;
    if (caret.current !== null) element.setSelectionRange(caret.current, caret.current);
    caret.current = null;
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
    const said = text.trim();
    client.send(conversationId, { kind: isOnlyEmoji(said) ? 'emoji' : 'text', text: said, ...quote() });
    client.typing(conversationId, false);
    write(conversationId, '');
    after();
    box.current?.focus();
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
  /** Pasted and dropped files; true when there were any. */
  const offer = (files: FileList) => {
    for (const file of files) {
      const local = asLocalFile(file, words);
      if (typeof local === 'string') setProblem(local);
      else sendFile(local);
    }
    return files.length > 0;
  };
  const put = (said: string, from: number, to: number) => {
    write(conversationId, text.slice(0, from) + said + text.slice(to));
    caret.current = from + said.length;
    box.current?.focus();
  };
  const canned = useCanned(conversationId, put);
  const insert = (said: string) => {
    const at = box.current?.selectionStart ?? text.length;
    put(said, at, at);
  };
  const askForCanned = () => {
    const at = box.current?.selectionStart ?? text.length;
    // Behind a word the stroke would belong to it.
    const stroke = at === 0 || /\s$/.test(text.slice(0, at)) ? '/' : ' /';
    put(stroke, at, at);
    canned.look(text.slice(0, at) + stroke, at + stroke.length);
  };
  const askForCard = () => {
    modal.confirm({
      title: t('composer.emergencyTitle'),
      content: t('composer.emergencyBody'),
      okText: t('composer.send'),
      okButtonProps: { 'data-testid': 'card-confirm' },
      cancelText: t('common.cancel'),
      maskClosable: true,
      onOk: () => {
        const card = { type: 'emergency' } as const;
        client.send(conversationId, { kind: 'card', card, text: words('cardEmergency') });
      },
    });
  };

  useEffect(() => {
    if (quoting !== null) box.current?.focus();
  }, [quoting]);

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const composing =
      event.nativeEvent.isComposing ||
      event.keyCode === 229 ||
      event.timeStamp - compositionEnded.current < AFTER_COMPOSITION;
    if (composing) return;
    if (canned.onKeyDown(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    send();
  };

  return (
    <div
      className="composer"
      onDragOver={(event) => {
        event.preventDefault();
      }}
      onDrop={(event) => {
        if (offer(event.dataTransfer.files)) event.preventDefault();
      }}
    >
      {quoting !== null && (
        <QuoteStrip quoting={quoting} name={quoting.sender.name ?? ''} words={words} onCancel={stopQuoting} />
      )}
      {problem !== '' && (
        <div className="tools-problem" role="alert">
          {problem}
        </div>
      )}
      {canned.found !== null && <CannedList canned={canned} found={canned.found} />}
      <textarea
        ref={box}
        rows={2}
        aria-controls={canned.found === null ? undefined : 'canned'}
        aria-activedescendant={canned.found?.[canned.at] && `canned-${canned.found[canned.at]?.id ?? ''}`}
        value={text}
        aria-label={t('composer.label')}
        placeholder={t('composer.placeholder')}
        data-testid="composer"
        onChange={(event) => {
          write(conversationId, event.target.value);
          client.typing(conversationId, event.target.value.trim() !== '');
          canned.look(event.target.value, event.target.selectionStart);
        }}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          if (offer(event.clipboardData.files)) event.preventDefault();
        }}
        onCompositionEnd={(event) => {
          compositionEnded.current = event.timeStamp;
        }}
        onBlur={() => {
          client.typing(conversationId, false);
        }}
      />
      <div className="composer-foot">
        <div className="composer-left">
          <ComposerTools words={words} onEmoji={insert} onFile={sendFile} onProblem={setProblem} />
          <Button
            type="text"
            size="small"
            icon={<PhoneOutlined />}
            title={t('composer.emergencyCard')}
            aria-label={t('composer.emergencyCard')}
            data-testid="send-card"
            onClick={askForCard}
          />
          <Button
            type="text"
            size="small"
            icon={<ThunderboltOutlined />}
            title={t('canned.open')}
            aria-label={t('canned.open')}
            data-testid="canned-open"
            onClick={askForCanned}
          />
        </div>
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
