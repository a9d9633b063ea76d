/** The risk scale: every item answered, its score and band while it is filled in, and those of before. */
import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { App, Button, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Assessment, RiskForm } from '../../../contract/risk.js';
import { send } from '../api/http.js';
import { useNow } from '../ui/now.js';
import { sentenceOf } from '../ui/problem.js';
import { FailedState, RowSkeletons } from '../ui/states.js';
import { dateTime } from '../ui/time.js';
import { useAssessments, useRenewCare, useRiskForms } from './api.js';
import { Band } from './band.js';

function Filling({ session, form, done }: { session: string; form: RiskForm; done: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const renew = useRenewCare();
  const [answers, setAnswers] = useState<Record<string, number>>({});
  const left = form.items.filter(({ id }) => answers[id] === undefined).length;
  const score = Object.values(answers).reduce((sum, points) => sum + points, 0);
  const saving = useMutation({
    mutationFn: () =>
      send<Assessment>('POST', `/api/v1/conversations/${session}/risk-assessments`, {
        form: form.version,
        answers,
      }),
    onSuccess: async () => {
      void message.success(t('risk.assessed'));
      await renew();
      done();
    },
    onError: (error) => void message.error(sentenceOf(error)),
  });
  return (
    <div className="scale" data-testid="scale">
      {form.items.map(({ id, text, max }, index) => (
        <fieldset key={id}>
          <legend>
            {index + 1}. {text}
          </legend>
          <Radio.Group
            name={id}
            value={answers[id] ?? null}
            data-testid={`scale-${id}`}
            options={Array.from({ length: max + 1 }, (_, points) => ({
              value: points,
              label: max === 1 ? t(points === 0 ? 'risk.no' : 'risk.yes') : String(points),
            }))}
            onChange={(event) => {
              setAnswers({ ...answers, [id]: event.target.value as number });
            }}
          />
        </fieldset>
      ))}
      <p className="scale-sum" role="status">
        {left > 0 ? (
          t('risk.left', { count: left })
        ) : (
          <Band band={form.bands.findLast(({ from }) => score >= from)?.band ?? null} score={score} />
        )}
      </p>
      <div className="buttons">
        <Button
          type="primary"
          disabled={left > 0}
          loading={saving.isPending}
          data-testid="scale-save"
          onClick={() => {
            saving.mutate();
          }}
        >
          {t('common.save')}
        </Button>
        <Button onClick={done}>{t('common.cancel')}</Button>
      </div>
    </div>
  );
}

export function Scale({ session, mayFill }: { session: string; mayFill: boolean }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const forms = useRiskForms();
  const { data, isError, error, refetch } = useAssessments(session);
  const [filling, setFilling] = useState(false);
  const form = forms.data?.at(-1);
  if (isError) return <FailedState title={t('risk.failed')} error={error} retry={() => void refetch()} />;
  if (!data || !form) return <RowSkeletons rows={2} />;
  return (
    <section data-testid="scales">
      <h4>{t('risk.scale')}</h4>
      {data.length === 0 && !filling && <p className="state-hint is-plain">{t('risk.noScale')}</p>}
      <ul className="calls-made">
        {data.map(({ id, band, score, time }) => (
          <li key={id} className="call">
            <span>{dateTime(time, now)}</span>
            <Band band={band} score={score} />
          </li>
        ))}
      </ul>
      {filling ? (
        <Filling
          session={session}
          form={form}
          done={() => {
            setFilling(false);
          }}
        />
      ) : (
        mayFill && (
          <Button
            block
            data-testid="scale-open"
            onClick={() => {
              setFilling(true);
            }}
          >
            {t(data.length === 0 ? 'risk.fill' : 'risk.fillAgain')}
          </Button>
        )
      )}
    </section>
  );
}
