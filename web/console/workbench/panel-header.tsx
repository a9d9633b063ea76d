/** Who, in which state, how long still, and the way out. */
import {
  ArrowLeftOutlined,
  ClockCircleOutlined,
  IdcardOutlined,
  PoweroffOutlined,
  SearchOutlined,
} from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversation.js';
import { printed } from '../keys/registry.js';
import { FIND_KEYS } from '../thread/find.js';
import { useStatusWord } from '../ui/labels.js';
import { useNow } from '../ui/now.js';
import { go } from '../ui/route.js';
import { clock, countdown, MINUTE } from '../ui/time.js';
import { AlarmButton } from './alarm-button.js';
import { DeskTools } from './desk-tools.js';
import { ExtendButton } from './extend-button.js';

/** Its own component: it renews itself each second, and nothing else should. */
function TimeLeft({ limit }: { limit: number }) {
  const { t } = useTranslation();
  const left = limit - useNow();
  const level = left < 2 * MINUTE ? 'is-over' : left < 10 * MINUTE ? 'is-short' : '';
  return (
    <Tooltip title={t('conversation.leftHint', { time: clock(limit) })}>
      <span className={`time-left ${level}`} role="timer" data-testid="time-left">
        <ClockCircleOutlined /> {t('conversation.left', { time: countdown(left) })}
      </span>
    </Tooltip>
  );
}

interface HeaderProps {
  conversation: Conversation | null;
  mine: boolean;
  back: boolean;
  showInfo?: (() => void) | undefined;
  find: () => void;
  end: () => void;
}

export function PanelHeader({ conversation, mine, back, showInfo, find, end }: HeaderProps) {
  const { t } = useTranslation();
  const statusWord = useStatusWord();
  return (
    <header className="panel-header">
      {back && (
        <Button
          type="text"
          icon={<ArrowLeftOutlined />}
          aria-label={t('conversation.back')}
          data-testid="back"
          onClick={() => {
            go('workbench');
          }}
        />
      )}
      {conversation && (
        <>
          <h2>{conversation.visitor?.name ?? t('common.unnamed')}</h2>
          <span className={`status is-${conversation.status}`} data-testid="status">
            {statusWord(conversation.status)}
          </span>
          {conversation.status === 'IN_PROGRESS' && conversation.limitTime !== null && (
            <TimeLeft limit={conversation.limitTime} />
          )}
          {mine && conversation.status === 'IN_PROGRESS' && !conversation.extended && (
            <ExtendButton conversationId={conversation.id} />
          )}
        </>
      )}
      <span className="panel-tools">
        <Button
          icon={<SearchOutlined />}
          title={`${t('find.here')} (${printed(FIND_KEYS).join('+')})`}
          aria-label={t('find.here')}
          data-testid="find-open"
          onClick={find}
        />
        {showInfo && (
          <Button
            icon={<IdcardOutlined />}
            onClick={showInfo}
            data-testid="show-info"
            aria-label={t('conversation.info')}
          >
            <span className="only-wide">{t('conversation.info')}</span>
          </Button>
        )}
        {mine && conversation?.status === 'IN_PROGRESS' && (
          <>
            <DeskTools session={conversation.id} />
            <AlarmButton conversationId={conversation.id} />
          </>
        )}
        {mine && (
          <Tooltip title="Alt+E">
            <Button danger icon={<PoweroffOutlined />} onClick={end} data-testid="end">
              {t('conversation.end')}
            </Button>
          </Tooltip>
        )}
      </span>
    </header>
  );
}
