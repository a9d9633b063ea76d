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
import { ConversationList } from './list.js';
import { useLasts } from './mine-tab.js';
import { inListOrder } from './order.js';
import { ConversationPanel } from './panel.js';
import { VisitorPane } from './visitor-pane.js';

/** Alt+J, Alt+K, Alt+N: walks my list in the order in which it is shown. */
function useListKeys(selected: string | null) {
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
    ];
  }, [mine, last, unread, selected, t]);
  useActions('list', actions);
}

export function Workbench({ conversationId }: { conversationId: string | null }) {
  const { t } = useTranslation();
  const narrow = useMedia(NARROW);
  const withoutContext = useMedia(NO_CONTEXT);
  const [drawerOpen, setDrawerOpen] = useState(false);
  useListKeys(conversationId);
  const showInfo = useCallback(() => {
    setDrawerOpen(true);
  }, []);
  useEffect(() => {
    setDrawerOpen(false);
  }, [conversationId]);

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
          <VisitorPane id={conversationId} />
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
          <VisitorPane id={conversationId} />
        </Drawer>
      )}
    </div>
  );
}
