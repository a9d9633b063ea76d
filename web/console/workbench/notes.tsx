/** Notes of staff about one session. Its visitor never meets them: they stand in the thread of its supervisors. */
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import type { TextAreaRef } from 'antd/es/input/TextArea';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../contract/message.js';
import { get } from '../api/http.js';
import { useStepOf } from '../api/step.js';
import { newId } from '../live/client.js';
import { useClient } from '../live/context.js';
import { useMe } from '../state/session.js';
import { serverNow } from '../ui/now.js';
import { FailedState, RowSkeletons } from '../ui/states.js';
import { dateTime } from '../ui/time.js';
import { useTool } from './tool.js';

const NOTES = 'notes';
/** Longest note that the box takes; the wire allows more. */
const MAX_NOTE = 2_000;

/** Oldest first; asked for anew whenever somebody writes one. */
export function useNotes(session: string, enabled = true) {
  const client = useClient();
  const cache = useQueryClient();
  useEffect(
    () =>
      client.onPush((event, payload) => {
        if (event !== 'message:created' || (payload as Message).kind !== 'note') return;
        void cache.invalidateQueries({ queryKey: [NOTES] });
      }),
    [client, cache],
  );
  return useQuery({
    queryKey: [NOTES, session],
    queryFn: ({ signal }) => get<Message[]>(`/api/v1/conversations/${session}/notes`, undefined, signal),
    enabled,
  });
}

function WriteNote({ session }: { session: string }) {
  const { t } = useTranslation();
  const box = useRef<TextAreaRef>(null);
  const [text, setText] = useState('');
  /** One for all tries, so that a note whose answer was lost does not stand twice. */
  const name = useRef(newId());
  const saving = useStepOf(NOTES, () => {
    name.current = newId();
    setText('');
  });
  const wanted = useTool(({ notes }) => notes);
  useEffect(() => {
    if (!wanted) return;
    box.current?.focus();
    useTool.setState({ notes: false });
  }, [wanted]);
  const save = () => {
    if (text.trim() === '' || saving.isPending) return;
    const body = { clientMsgId: name.current, text: text.trim() };
    saving.mutate({ path: `conversations/${session}/notes`, body });
  };
  return (
    <div className="note-write">
      <Input.TextArea
        ref={box}
        value={text}
        maxLength={MAX_NOTE}
        autoSize={{ minRows: 2, maxRows: 8 }}
        placeholder={t('notes.hint')}
        aria-label={t('notes.box')}
        data-testid="note-box"
        onChange={(event) => {
          setText(event.target.value);
        }}
        onKeyDown={(event: KeyboardEvent) => {
          // The Enter that confirms pinyin saves nothing.
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          save();
        }}
      />
      <Button
        block
        disabled={text.trim() === ''}
        loading={saving.isPending}
        data-testid="note-save"
        onClick={save}
      >
        {t('notes.save')}
      </Button>
    </div>
  );
}

export function NotesPanel({ session, writes }: { session: string; writes: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const list = useNotes(session);
  return (
    <section className="notes" data-testid="notes">
      <h4>{t('notes.title')}</h4>
      {list.isPending ? (
        <RowSkeletons rows={2} />
      ) : list.isError ? (
        <FailedState title={t('notes.failed')} error={list.error} retry={() => void list.refetch()} />
      ) : list.data.length === 0 ? (
        <p className="state-hint is-plain">{t('notes.none')}</p>
      ) : (
        <ul>
          {list.data.map((note) => (
            <li key={note.id} className="note" data-testid="note">
              <p className="note-who">
                <b>
                  {note.sender.id === me.id ? t('roster.you') : (note.sender.name ?? t('common.unnamed'))}
                </b>
                <time dateTime={new Date(note.time).toISOString()}>{dateTime(note.time, serverNow())}</time>
              </p>
              <p className="words">{note.text ?? t('notes.erased')}</p>
            </li>
          ))}
        </ul>
      )}
      {writes ? <WriteNote session={session} /> : <p className="state-hint is-plain">{t('notes.over')}</p>}
    </section>
  );
}
