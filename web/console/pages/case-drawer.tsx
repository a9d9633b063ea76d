/** The consultation records of a case file, with their pictures. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Card, Drawer, Image, Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ConsultationRow } from '../../../contract/consultant/consultation.js';
import type { RecordRow } from '../../../contract/consultant/record.js';
import { consult } from '../api/consultant.js';
import { send } from '../api/http.js';
import { useMe } from '../state/session.js';
import { sentenceOf } from '../ui/problem.js';
import { EmptyState, FailedState, RowSkeletons } from '../ui/states.js';

export function CaseDrawer({ row, close }: { row: RecordRow | null; close: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const id = row?.id ?? '';
  const list = useQuery({
    queryKey: ['consultations', id],
    queryFn: ({ signal }) =>
      consult<ConsultationRow[]>(me.userID, 'interview/records/profile', { id }, signal),
    enabled: row !== null,
  });
  return (
    <Drawer
      open={row !== null}
      size="large"
      title={row ? `${t('cases.consultations')} · ${row.std_name}` : ''}
      onClose={close}
    >
      {list.isError ? (
        <FailedState title={t('cases.failed')} error={list.error} retry={() => void list.refetch()} />
      ) : !list.data ? (
        <RowSkeletons />
      ) : list.data.length === 0 ? (
        <EmptyState title={t('cases.none')} />
      ) : (
        list.data.map((each) => <Consultation key={each.id} row={each} record={id} />)
      )}
    </Drawer>
  );
}

function Consultation({ row, record }: { row: ConsultationRow; record: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => send('DELETE', `/api/v1/records/${record}/consultations/${String(row.id)}`),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['consultations', record] }),
    onError: (error) => void message.error(sentenceOf(error)),
  });
  const lines = [
    [row.date, row.time, row.duration, row.visitStatus].filter(Boolean).join(' · '),
    row.description,
    row.doctorEvaluation && `${t('cases.evaluation')}：${row.doctorEvaluation}`,
    row.followUpPlan && `${t('cases.plan')}：${row.followUpPlan}`,
  ].filter(Boolean);
  return (
    <Card
      size="small"
      style={{ marginBottom: 12 }}
      title={`${t('cases.count')} ${row.count}`}
      extra={
        <Popconfirm
          title={t('cases.removeConsultation')}
          okText={t('cases.remove')}
          cancelText={t('common.cancel')}
          onConfirm={() => {
            remove.mutate();
          }}
        >
          <Button size="small" danger loading={remove.isPending}>
            {t('cases.remove')}
          </Button>
        </Popconfirm>
      }
    >
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {row.signatureImage && <Image width={120} src={row.signatureImage} alt={t('cases.signature')} />}
      {row.attachImages.map((address) => (
        <Image key={address} width={120} src={address} alt={t('cases.attachment')} />
      ))}
    </Card>
  );
}
