/** Who, in which state, how long still, and the way out. */
import { ArrowLeftOutlined, ClockCircleOutlined, IdcardOutlined, PoweroffOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversation.js';
import { Avatar } from '../ui/avatar.js';
import { useStatusWord } from '../ui/labels.js';
import { useNow } from '../ui/now.js';
import { go } from '../ui/route.js';
import { clock, countdown, MINUTE } from '../ui/time.js';
import { AlarmButton } from './alarm-button.js';

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
  end: () => void;
}

export function PanelHeader({ conversation, mine, back, showInfo, end }: HeaderProps) {
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
          <Avatar user={conversation.visitor} size={34} />
          <h2>{conversation.visitor?.name ?? t('common.unnamed')}</h2>
          <span className={`status is-${conversation.status}`} data-testid="status">
            {statusWord(conversation.status)}
          </span>
          {conversation.status === 'IN_PROGRESS' && conversation.limitTime !== null && (
            <TimeLeft limit={conversation.limitTime} />
          )}
        </>
      )}
      <span className="panel-tools">
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
        {mine && conversation?.status === 'IN_PROGRESS' && <AlarmButton conversationId={conversation.id} />}
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
