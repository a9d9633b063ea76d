/** One person on duty: who, in which state, with how much to do. */
import { CloseOutlined } from '@ant-design/icons';
import { App, Button, Popconfirm } from 'antd';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { DutyRow } from '../../../contract/arrange.js';
import { send } from '../api/http.js';
import { useMe } from '../state/session.js';
import { Avatar } from '../ui/avatar.js';
import { sentenceOf } from '../ui/problem.js';
import { fullDate } from '../ui/time.js';
import type { RosterKind } from './roster.js';

export function RosterCard({ row, kind, planning }: { row: DutyRow; kind: RosterKind; planning: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const name = row.user.name ?? t('common.unnamed');
  const remove = useMutation({
    mutationFn: () => send('DELETE', `/arrange/${row.id}`),
    onSuccess: async () => {
      void message.success(t('roster.removed', { name }));
      await queryClient.invalidateQueries({ queryKey: ['roster'] });
    },
    onError: (error) => void message.error(sentenceOf(error, t('roster.removeFailed'))),
  });
  return (
    <div className="roster-card" data-testid="roster-row" data-user={row.user.id}>
      <Avatar user={row.user} size={40} />
      <div className="roster-words">
        <b>
          {name}
          {row.user.id === me.id && <small className="tag">{t('roster.you')}</small>}
        </b>
        <span>{[row.user.title, row.user.department].filter(Boolean).join(' · ')}</span>
      </div>
      <div className="roster-state">
        <span>
          <i className={`presence-dot is-${row.state}`} /> {t(`presence.${row.state}`)}
        </span>
        {kind === 'COUNSELOR' && (
          <small>
            {t('roster.load', { active: row.activeCount, max: row.maxConsults })}
            {row.waiting > 0 && ` · ${t('roster.waiting', { n: row.waiting })}`}
          </small>
        )}
      </div>
      {planning && (
        <Popconfirm
          title={t('roster.removeTitle', { name, day: fullDate(row.timestamp) })}
          okText={t('roster.remove')}
          cancelText={t('common.cancel')}
          onConfirm={() => {
            remove.mutate();
          }}
        >
          <Button
            type="text"
            size="small"
            icon={<CloseOutlined />}
            loading={remove.isPending}
            aria-label={`${t('roster.remove')} ${name}`}
            data-testid="roster-remove"
          />
        </Popconfirm>
      )}
    </div>
  );
}
