/** The context at the right of a session: who the visitor is, and who helps the counselor with them. */
import { Suspense, lazy, useEffect, useState } from 'react';
import { Badge, Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { useConversation } from '../live/context.js';
import { isMine, useInbox } from '../live/inbox.js';
import { overlapOf } from '../live/overlap.js';
import { useThreadOf } from '../live/thread-of.js';
import { useMe } from '../state/session.js';
import { serverNow } from '../ui/now.js';
import { RowSkeletons } from '../ui/states.js';
import { NotesPanel, useNotes } from './notes.js';
import { SuperviseSection } from './supervise.js';
import { SessionTags } from './tags.js';
import { useTool } from './tool.js';
import { TransferSection } from './transfer.js';
import { ConversationFacts } from './visitor-pane.js';

// The desk's first screen does without them.
const RecordPanel = lazy(() => import('../care/record-form.js').then((m) => ({ default: m.RecordPanel })));
const RiskPanel = lazy(() => import('../care/risk-panel.js').then((m) => ({ default: m.RiskPanel })));

type Tab = 'visitor' | 'notes' | 'support' | 'risk' | 'record';

export function ContextPane({ id }: { id: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const view = useConversation(id);
  const thread = useThreadOf(id);
  const unread = useInbox((state) => (thread ? (state.unread[thread.id] ?? 0) : 0));
  const [chosen, setChosen] = useState<Tab | null>(null);
  const wantsNotes = useTool(({ notes }) => notes);
  useEffect(() => {
    if (wantsNotes) setChosen('notes');
  }, [wantsNotes]);
  const conversation = view?.conversation ?? null;
  const own = conversation?.conversationType === 'COUNSELING_SESSION' && conversation.counselor?.id === me.id;
  const hasNotes = own && conversation.startTime !== null;
  const notes = useNotes(id, hasNotes).data?.length ?? 0;
  if (!conversation) return <RowSkeletons rows={3} />;
  const mine = isMine(conversation, me);
  const stays = overlapOf(view, serverNow())?.from === me.id;
  const facts = {
    key: 'visitor',
    label: <span data-testid="tab-visitor">{t('context.visitor')}</span>,
    children: (
      <>
        <ConversationFacts conversation={conversation} />
        {own && <SessionTags session={id} />}
      </>
    ),
  };
  const ended = conversation.endTime !== null;
  const tabs = [
    facts,
    ...(hasNotes
      ? [
          {
            key: 'notes',
            label: (
              <span data-testid="tab-notes" title="Alt+P">
                {t('notes.tab')}
                {notes > 0 && <span className="tab-count">{notes}</span>}
              </span>
            ),
            children: <NotesPanel session={id} writes={mine} />,
          },
        ]
      : []),
    ...(mine || stays
      ? [
          {
            key: 'support',
            label: (
              <Badge dot={unread > 0} offset={[4, 0]}>
                <span data-testid="tab-support">{t('context.support')}</span>
              </Badge>
            ),
            children: (
              <div className="visitor-pane">
                {mine && <SuperviseSection session={id} />}
                <TransferSection session={id} mine={mine} />
              </div>
            ),
          },
        ]
      : []),
    ...(own && conversation.startTime !== null
      ? [
          {
            key: 'risk',
            label: <span data-testid="tab-risk">{t('context.risk')}</span>,
            children: <RiskPanel session={id} />,
          },
        ]
      : []),
    ...(own && ended && conversation.startTime !== null
      ? [
          {
            key: 'record',
            label: <span data-testid="tab-record">{t('context.record')}</span>,
            children: <RecordPanel session={id} writer />,
          },
        ]
      : []),
  ];
  // What is to be done now comes first: after the end that is the record.
  const natural: Tab = tabs.some(({ key }) => key === 'record') ? 'record' : 'visitor';
  const shown = tabs.some(({ key }) => key === chosen) ? chosen : natural;
  if (tabs.length === 1) return facts.children;
  return (
    <Tabs
      size="small"
      activeKey={shown ?? natural}
      onChange={(key) => {
        setChosen(key as Tab);
      }}
      destroyOnHidden
      items={tabs.map((tab) => ({
        ...tab,
        children: <Suspense fallback={<RowSkeletons rows={3} />}>{tab.children}</Suspense>,
      }))}
    />
  );
}
