/** A high-risk case from its scale to its end: plan, signature, follow-ups, disclosures, and what it still lacks. */
import { useState } from 'react';
import { App, Button, Input, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import type { RiskCase, WholeRiskCase } from '../../../contract/risk.js';
import { useDrafts } from '../state/drafts.js';
import { isAdmin, isSupervisor, useMe } from '../state/session.js';
import { useNow } from '../ui/now.js';
import { FailedState, RowSkeletons } from '../ui/states.js';
import { dateTime } from '../ui/time.js';
import { useWholeCase } from './api.js';
import { Band } from './band.js';
import { Disclosures } from './disclosures.js';
import { FollowUpList } from './follow-ups.js';
import { useStep } from './step.js';

/** What keeps a case from being closed. */
export function Missing({ row }: { row: RiskCase }) {
  const { t } = useTranslation();
  if (row.missing.length === 0) return <Tag color="success">{t('risk.missing.nothing')}</Tag>;
  return (
    <>
      {row.missing.map((what) => (
        <Tag key={what} color="warning">
          {t(`risk.missing.${what}`)}
        </Tag>
      ))}
    </>
  );
}

function Plan({ row }: { row: WholeRiskCase }) {
  const { t } = useTranslation();
  const me = useMe();
  const key = `plan:${row.id}`;
  const draft = useDrafts((state) => state.drafts[key]);
  const [editing, setEditing] = useState(false);
  const step = useStep(() => {
    useDrafts.getState().write(key, '');
    setEditing(false);
  });
  const text = draft ?? row.plan ?? '';
  const mayWrite = row.status === 'OPEN' && !isAdmin(me);
  return (
    <section data-testid="plan">
      <h4>{t('risk.plan')}</h4>
      {mayWrite && (editing || draft !== undefined) ? (
        <>
          <Input.TextArea
            autoSize={{ minRows: 5, maxRows: 16 }}
            maxLength={8_000}
            value={text}
            aria-label={t('risk.plan')}
            placeholder={t('risk.planHint')}
            data-testid="plan-text"
            onChange={(event) => {
              useDrafts.getState().write(key, event.target.value);
            }}
          />
          <div className="buttons">
            <Button
              type="primary"
              size="small"
              loading={step.isPending}
              disabled={text.trim() === ''}
              data-testid="plan-save"
              onClick={() => {
                step.mutate({
                  method: 'PUT',
                  path: `risk-cases/${row.id}/plan`,
                  body: { plan: text.trim() },
                  told: t('risk.planSaved'),
                });
              }}
            >
              {t('common.save')}
            </Button>
            <Button
              size="small"
              onClick={() => {
                useDrafts.getState().write(key, '');
                setEditing(false);
              }}
            >
              {t('common.cancel')}
            </Button>
          </div>
        </>
      ) : (
        <>
          <p className={row.plan ? 'words' : 'state-hint is-plain'}>{row.plan ?? t('risk.noPlan')}</p>
          {mayWrite && (
            <Button
              size="small"
              data-testid="plan-edit"
              onClick={() => {
                setEditing(true);
              }}
            >
              {t(row.hasPlan ? 'staff.edit' : 'record.write')}
            </Button>
          )}
        </>
      )}
    </section>
  );
}

function Signature({ row }: { row: WholeRiskCase }) {
  const { t } = useTranslation();
  const me = useMe();
  const now = useNow(60_000);
  const { modal } = App.useApp();
  const step = useStep();
  const ask = (what: 'sign' | 'close') => {
    modal.confirm({
      title: t(`risk.${what}Title`),
      content: t(`risk.${what}Body`),
      okText: t(what === 'sign' ? 'risk.signOff' : 'risk.close'),
      okButtonProps: { 'data-testid': `case-${what}-confirm` },
      cancelText: t('common.cancel'),
      onOk: () =>
        step
          .mutateAsync({
            path: `risk-cases/${row.id}/${what === 'sign' ? 'sign-off' : 'close'}`,
            told: t(what === 'sign' ? 'risk.signed' : 'risk.closed'),
          })
          .catch(() => undefined),
    });
  };
  const ready = row.missing.every((what) => what === 'SIGN_OFF');
  return (
    <>
      {row.signedTime !== null && (
        <p data-testid="case-signed">
          {t('risk.signedBy', {
            name: row.signedByName ?? t('common.unnamed'),
            time: dateTime(row.signedTime, now),
          })}
        </p>
      )}
      {row.status === 'OPEN' && !isAdmin(me) && (
        <div className="buttons">
          {isSupervisor(me) && row.signedBy === null && (
            <Button
              type="primary"
              disabled={!ready}
              data-testid="case-sign"
              onClick={() => {
                ask('sign');
              }}
            >
              {t('risk.signOff')}
            </Button>
          )}
          <Button
            disabled={row.missing.length > 0}
            data-testid="case-close"
            onClick={() => {
              ask('close');
            }}
          >
            {t('risk.close')}
          </Button>
        </div>
      )}
    </>
  );
}

export function RiskCasePanel({ id }: { id: string }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const { data: row, isError, error, refetch } = useWholeCase(id);
  if (!row)
    return isError ? (
      <FailedState title={t('risk.failed')} error={error} retry={() => void refetch()} />
    ) : (
      <RowSkeletons rows={4} />
    );
  return (
    <div className="visitor-pane" data-testid="risk-case" data-status={row.status}>
      <section>
        <p className="case-line">
          <Tag>{t(`risk.status.${row.status}`)}</Tag>
          <Band band={row.band} score={row.score} />
          {t(`risk.source.${row.source}`)} · {dateTime(row.openedTime, now)}
        </p>
        {row.status === 'OPEN' && (
          <p className="case-line">
            {row.missing.length > 0 && t('risk.missing.label')} <Missing row={row} />
          </p>
        )}
      </section>
      <Plan key={row.id} row={row} />
      <Signature row={row} />
      <section>
        <h4>{t('risk.followUps')}</h4>
        <FollowUpList rows={row.followUps} />
      </section>
      <Disclosures id={row.id} rows={row.disclosures} />
    </div>
  );
}
