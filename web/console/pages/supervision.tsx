/** 督导大屏: four lights, what runs, who waits; a supervisor steps in from here. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { EyeOutlined } from '@ant-design/icons';
import { Button, Table, Tag, type TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversation.js';
import type { Light, Wall, WallSession, WallWaiting } from '../../../contract/wall.js';
import { get } from '../api/http.js';
import { isSupervisor, useMe } from '../state/session.js';
import { useNow } from '../ui/now.js';
import { go } from '../ui/route.js';
import { EmptyState, FailedState, RowSkeletons } from '../ui/states.js';
import { countdown, roughSpan } from '../ui/time.js';
import { UrgencyTag } from '../ui/urgency.js';
import { PageFrame } from './page-frame.js';
import { SupervisionDrawer, WALL } from './supervision-drawer.js';

/** The server looks once a second; with this nothing on the page is older than 5 s. */
const ASK_EVERY_MS = 2_500;
const LIGHTS = ['load', 'longWaiting', 'supervisors', 'highRisk'] as const;

function LightCard({ name, light }: { name: (typeof LIGHTS)[number]; light: Light }) {
  const { t } = useTranslation();
  return (
    <div className={`light is-${light.light}`} data-testid={`light-${name}`}>
      <b>{Number.isInteger(light.value) ? light.value : light.value.toFixed(1)}</b>
      <span>{t(`supervision.light.${name}`)}</span>
      {/* Never by colour alone. */}
      <small>{t(`supervision.state.${light.light}`)}</small>
    </div>
  );
}

const Since = ({ since, late }: { since: number | null; late: number }) => {
  const { t } = useTranslation();
  const now = useNow();
  if (since === null) return t('common.none');
  return <span className={`wait ${now - since >= late ? 'is-late' : ''}`}>{roughSpan(now - since)}</span>;
};
const Left = ({ until }: { until: number | null }) => {
  const { t } = useTranslation();
  const now = useNow();
  return until === null ? t('common.none') : <span className="number">{countdown(until - now)}</span>;
};

function Risk({ risk }: { risk: WallSession['risk'] }) {
  const { t } = useTranslation();
  if (risk === 'none') return t('common.none');
  return <Tag color={risk === 'high' ? 'error' : 'warning'}>{t(`supervision.risk.${risk}`)}</Tag>;
}

function Sessions({ rows }: { rows: WallSession[] }) {
  const { t } = useTranslation();
  const me = useMe();
  const columns: TableColumnsType<WallSession> = [
    { title: t('supervision.counselor'), render: (_, row) => row.counselor?.name ?? t('common.none') },
    { title: t('supervision.visitor'), render: (_, row) => row.visitor?.name ?? t('common.unnamed') },
    { title: t('supervision.risk.title'), render: (_, row) => <Risk risk={row.risk} /> },
    { title: t('supervision.left'), render: (_, row) => <Left until={row.limitTime} /> },
    {
      title: t('supervision.unanswered'),
      render: (_, row) => <Since since={row.unansweredSince} late={180_000} />,
    },
    {
      title: t('supervision.notes'),
      render: (_, row) => (
        <>
          {row.calledSince !== null && <Tag color="error">{t('supervision.called')}</Tag>}
          {row.takenOver && <Tag>{t('supervision.takenOver')}</Tag>}
          {row.visitorLostTime !== null && <Tag color="warning">{t('supervision.visitorLost')}</Tag>}
          {row.counselorBackBy !== null && <Tag color="warning">{t('supervision.counselorLost')}</Tag>}
          {row.watchers.length > 0 && <Tag>{t('supervision.watched', { count: row.watchers.length })}</Tag>}
        </>
      ),
    },
    {
      key: 'open',
      render: (_, row) => (
        <Button
          size="small"
          data-testid="wall-open"
          onClick={() => {
            if (isSupervisor(me)) go('supervision', row.conversationId);
            else go('records', row.conversationId);
          }}
        >
          {t(isSupervisor(me) ? 'supervision.open' : 'supervision.read')}
        </Button>
      ),
    },
  ];
  return (
    <Table<WallSession>
      rowKey="conversationId"
      size="middle"
      pagination={false}
      columns={columns}
      dataSource={rows}
      scroll={{ x: 'max-content' }}
      locale={{
        emptyText: (
          <EmptyState
            icon={<EyeOutlined />}
            title={t('supervision.empty')}
            hint={t('supervision.emptyHint')}
          />
        ),
      }}
    />
  );
}

function Waiting({ rows }: { rows: WallWaiting[] }) {
  const { t } = useTranslation();
  return (
    <Table<WallWaiting>
      rowKey="conversationId"
      size="small"
      pagination={false}
      dataSource={rows}
      columns={[
        { title: t('supervision.visitor'), render: (_, row) => row.visitor?.name ?? t('common.unnamed') },
        { title: t('queuePage.urgency.title'), render: (_, row) => <UrgencyTag urgency={row.urgency} /> },
        { title: t('supervision.waited'), render: (_, row) => <Since since={row.since} late={600_000} /> },
        { title: t('supervision.risk.title'), render: (_, row) => <Risk risk={row.risk} /> },
        { title: t('queuePage.requested'), render: (_, row) => row.requested ?? t('queuePage.anyone') },
      ]}
      locale={{ emptyText: t('supervision.nobodyWaits') }}
    />
  );
}

/** Calls that this supervisor has not answered yet. */
function Calls() {
  const { t } = useTranslation();
  const me = useMe();
  const calls = useQuery({
    queryKey: ['supervisions'],
    queryFn: ({ signal }) => get<Conversation[]>('/api/v1/supervisions', undefined, signal),
    refetchInterval: ASK_EVERY_MS,
  });
  const open = (calls.data ?? []).filter((thread) =>
    thread.calls?.some(({ supervisor, state }) => supervisor?.id === me.id && state === 'CALLED'),
  );
  if (open.length === 0) return null;
  return (
    <section className="calls" role="alert" data-testid="calls">
      {open.map((call) => (
        <p key={call.id}>
          {t('supervision.callFrom', { name: call.counselor?.name ?? '' })}
          <Button
            type="primary"
            size="small"
            data-testid="call-answer"
            onClick={() => {
              go('supervision', call.session);
            }}
          >
            {t('supervision.answer')}
          </Button>
        </p>
      ))}
    </section>
  );
}

export default function SupervisionPage({ conversationId }: { conversationId: string | null }) {
  const { t } = useTranslation();
  const me = useMe();
  const wall = useQuery({
    queryKey: WALL,
    queryFn: ({ signal }) => get<Wall>('/api/v1/wall', undefined, signal),
    refetchInterval: ASK_EVERY_MS,
    placeholderData: keepPreviousData,
  });
  const shown = wall.data;
  return (
    <PageFrame
      title={t('supervision.title')}
      hint={t('supervision.hint')}
      tools={
        shown && (
          <span data-testid="wall-seats">
            {t('supervision.seats', {
              online: shown.counselors.online,
              taken: shown.counselors.taken,
              seats: shown.counselors.seats,
            })}
          </span>
        )
      }
    >
      {isSupervisor(me) && <Calls />}
      {shown === undefined ? (
        wall.isError ? (
          <FailedState title={t('supervision.failed')} error={wall.error} retry={() => void wall.refetch()} />
        ) : (
          <RowSkeletons />
        )
      ) : (
        <>
          {wall.isError && (
            <p className="problem" role="alert">
              {t('supervision.stale')}
            </p>
          )}
          <div className="lights">
            {LIGHTS.map((name) => (
              <LightCard key={name} name={name} light={shown.lights[name]} />
            ))}
          </div>
          <Sessions rows={shown.sessions} />
          <h2 className="page-part">{t('supervision.waiting')}</h2>
          <Waiting rows={shown.waiting} />
          <p className="page-part">
            {t('supervision.onLine')}
            {shown.supervisors.map(({ name }) => name ?? t('common.unnamed')).join('、') || t('common.none')}
          </p>
        </>
      )}
      {isSupervisor(me) && (
        <SupervisionDrawer
          id={conversationId}
          session={shown?.sessions.find((row) => row.conversationId === conversationId)}
          close={() => {
            go('supervision');
          }}
        />
      )}
    </PageFrame>
  );
}
