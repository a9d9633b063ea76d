/** One conversation of a list. Plain elements: there may be hundreds. */
import type { ReactNode } from 'react';
import type { Conversation } from '../../../contract/conversation.js';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../ui/avatar.js';
import { addressOf } from '../ui/route.js';

interface RowProps {
  conversation: Conversation;
  line: ReactNode;
  /** What stands at the right of the name: a clock or a moment. */
  clock: ReactNode;
  selected?: boolean;
  unread?: number;
  draft?: string | undefined;
  /** Labels that staff put on it. */
  tags?: readonly string[] | undefined;
  /** Left out: the row can't be opened. */
  link?: boolean;
}

export const RowTags = ({ tags }: { tags: readonly string[] }) => (
  <span className="row-tags" data-testid="row-tags">
    {tags.map((tag) => (
      <i key={tag}>{tag}</i>
    ))}
  </span>
);

export function ConversationRow({
  conversation,
  line,
  clock,
  selected = false,
  unread = 0,
  draft,
  tags = [],
  link = true,
}: RowProps) {
  const { t } = useTranslation();
  const name = conversation.visitor?.name ?? t('common.unnamed');
  const body = (
    <>
      <Avatar user={conversation.visitor} />
      <span className="row-words">
        <span className="row-top">
          <b className="row-name">{name}</b>
          <span className="row-clock">{clock}</span>
        </span>
        <span className="row-bottom">
          <span className="row-line">
            {draft ? (
              <>
                <em data-testid="draft-mark">[{t('list.draft')}]</em> {draft.replace(/\s+/g, ' ')}
              </>
            ) : (
              line
            )}
          </span>
          {unread > 0 && (
            <span className="row-unread" data-testid="unread">
              <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
              <span className="visually-hidden">{t('list.unread', { count: unread })}</span>
            </span>
          )}
        </span>
        {tags.length > 0 && <RowTags tags={tags} />}
      </span>
    </>
  );
  const shared = {
    className: 'row',
    'data-testid': 'conversation-row',
    'data-id': conversation.id,
  };
  return link ? (
    <a
      {...shared}
      href={addressOf('workbench', conversation.id)}
      aria-current={selected ? 'true' : undefined}
    >
      {body}
    </a>
  ) : (
    <div {...shared}>{body}</div>
  );
}
