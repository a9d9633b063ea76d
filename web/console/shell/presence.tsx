/** 空闲 / 忙碌 / 离开 / 下线: stated by the counselor, never guessed from an open tab. */
import { DownOutlined } from '@ant-design/icons';
import { App, Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { PRESENCES, type Presence } from '../../../contract/enums.js';
import { useDuty, useSetPresence } from '../live/duty.js';
import { sentenceOf } from '../ui/problem.js';

export function PresenceSwitch() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const duty = useDuty();
  const change = useSetPresence();
  const state = duty?.state ?? 'offline';
  const choose = (next: Presence) => {
    change.mutate(next, {
      onError: (error) => void message.error(sentenceOf(error, t('presence.failed'))),
    });
  };
  return (
    <Dropdown
      trigger={['click']}
      disabled={!duty}
      menu={{
        selectable: true,
        selectedKeys: [state],
        items: PRESENCES.map((key) => ({
          key,
          label: (
            <span className="presence-option" data-testid={`presence-${key}`}>
              <i className={`presence-dot is-${key}`} />
              <b>{t(`presence.${key}`)}</b>
              <small>{t(`presence.${key}Hint`)}</small>
            </span>
          ),
        })),
        onClick: ({ key }) => {
          choose(key as Presence);
        },
      }}
    >
      <Button
        data-testid="presence-switch"
        data-state={state}
        loading={change.isPending}
        aria-label={t('presence.current', { state: t(`presence.${state}`) })}
      >
        <i className={`presence-dot is-${state}`} />
        {t(`presence.${state}`)}
        <DownOutlined className="tiny-icon" />
      </Button>
    </Dropdown>
  );
}
