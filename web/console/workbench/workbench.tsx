/** The counselor's desk: list, thread, context; one pane at a time where the window is narrow. */
import { useCallback, useEffect, useMemo, useState } from 'react';
import { Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import { CommentOutlined } from '@ant-design/icons';
import { useActions, type Action } from '../keys/registry.js';
import { useInbox, useMine } from '../live/inbox.js';
import { NARROW, NO_CONTEXT, useMedia } from '../ui/media.js';
import { go } from '../ui/route.js';
import { EmptyState } from '../ui/states.js';
import { ContextPane } from './context-pane.js';
import { ConversationList } from './list.js';
import { useLasts } from './mine-tab.js';
import { inListOrder } from './order.js';
import { ConversationPanel } from './panel.js';
import { SEARCH_BOX, showTab } from './tab.js';
import { useTool } from './tool.js';

/** Alt+J, Alt+K, Alt+N walk my list in the order in which it is shown; Alt+S searches it. */
function useListKeys(selected: string | null, narrow: boolean) {
  const { t } = useTranslation();
  const mine = useMine();
  const last = useLasts(mine);
  const unread = useInbox((state) => state.unread);
  const actions = useMemo<Action[]>(() => {
    const ids = inListOrder(mine, last).map(({ id }) => id);
    const at = selected === null ? -1 : ids.indexOf(selected);
    const step = (by: number) => {
      const next = at === -1 ? (by > 0 ? 0 : ids.length - 1) : (at + by + ids.length) % ids.length;
      go('workbench', ids[next]);
    };
    const nextUnread = [...ids.slice(at + 1), ...ids.slice(0, at + 1)].find((id) => (unread[id] ?? 0) > 0);
    return [
      {
        id: 'conversation.next',
        group: 'conversation',
        title: t('keys.next'),
        keys: { alt: true, code: 'KeyJ' },
        disabled: ids.length === 0,
        run: () => {
          step(1);
        },
      },
      {
        id: 'conversation.previous',
        group: 'conversation',
        title: t('keys.previous'),
        keys: { alt: true, code: 'KeyK' },
        disabled: ids.length === 0,
        run: () => {
          step(-1);
        },
      },
      {
        id: 'conversation.unread',
        group: 'conversation',
        title: t('keys.unread'),
        keys: { alt: true, code: 'KeyN' },
        disabled: nextUnread === undefined,
        run: () => {
          go('workbench', nextUnread);
        },
      },
      {
        id: 'conversation.search',
        group: 'conversation',
        title: t('find.everywhere'),
        keys: { alt: true, code: 'KeyS' },
        run: () => {
          showTab('search');
          // Where one pane stands at a time the list is behind the conversation.
          if (narrow) go('workbench');
          requestAnimationFrame(() => document.getElementById(SEARCH_BOX)?.focus());
        },
      },
    ];
  }, [mine, last, unread, selected, narrow, t]);
  useActions('list', actions);
}

export function Workbench({ conversationId }: { conversationId: string | null }) {
  const { t } = useTranslation();
  const narrow = useMedia(NARROW);
  const withoutContext = useMedia(NO_CONTEXT);
  const [drawerOpen, setDrawerOpen] = useState(false);
  useListKeys(conversationId, narrow);
  useEffect(
    () => () => {
      showTab('mine');
    },
    [],
  );
  const showInfo = useCallback(() => {
    setDrawerOpen(true);
  }, []);
  useEffect(() => {
    setDrawerOpen(false);
  }, [conversationId]);
  const wantsNotes = useTool(({ notes }) => notes);
  useEffect(() => {
    if (wantsNotes) setDrawerOpen(true);
  }, [wantsNotes]);

  const showList = !narrow || conversationId === null;
  const showThread = !narrow || conversationId !== null;
  return (
    <div className="workbench" data-testid="workbench">
      {showList && <ConversationList selected={conversationId} />}
      {showThread &&
        (conversationId === null ? (
          <section className="panel">
            <EmptyState
              icon={<CommentOutlined />}
              title={t('conversation.choose')}
              hint={t('conversation.chooseHint')}
            />
          </section>
        ) : (
          <ConversationPanel
            key={conversationId}
            id={conversationId}
            showInfo={withoutContext ? showInfo : undefined}
            back={narrow}
          />
        ))}
      {!withoutContext && conversationId !== null && (
        <aside className="context" aria-label={t('visitor.label')}>
          <ContextPane key={conversationId} id={conversationId} />
        </aside>
      )}
      {withoutContext && conversationId !== null && (
        <Drawer
          open={drawerOpen}
          onClose={() => {
            setDrawerOpen(false);
          }}
          title={t('visitor.label')}
          size={340}
          destroyOnHidden
        >
          <ContextPane key={conversationId} id={conversationId} />
        </Drawer>
      )}
    </div>
  );
}
