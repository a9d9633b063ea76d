/** 规则: how an institution receives visitors; what is changed is sent, nothing else. */
import { useState, type ReactNode } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, InputNumber, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import type { IntakeQuestions } from '../../../contract/intake.js';
import type { RecordTemplate } from '../../../contract/session-record.js';
import { get, send } from '../api/http.js';
import type { Whose } from '../house/api.js';
import { useChosenHouse } from '../house/which-house.js';
import { Picker } from '../ui/picker.js';
import { sentenceOf } from '../ui/problem.js';
import { FailedState, RowSkeletons } from '../ui/states.js';
import { PageFrame } from './page-frame.js';
import { QuestionRules } from './policy-questions.js';
import { TemplateRule, WordRules, type WordRule } from './policy-lists.js';
import { GROUPS, type GroupName, type Rule } from './policy-rules.js';

type Values = Record<string, unknown>;
const policyKey = ({ institution }: Whose) => ['policy', institution];

const label = (rule: Rule) => (rule.part === undefined ? rule.name : `${rule.name}_${rule.part}`);

function Control({
  rule,
  name,
  value,
  set,
}: {
  rule: Rule;
  name: string;
  value: unknown;
  set: (value: unknown) => void;
}) {
  const { t, i18n } = useTranslation();
  const shared = { 'aria-label': name, 'data-testid': `rule-${label(rule)}` };
  const per = 'per' in rule ? (rule.per ?? 1) : 1;
  switch (rule.kind) {
    case 'number':
      return (
        <InputNumber
          {...shared}
          min={rule.least}
          max={rule.most}
          value={Number(value) / per}
          suffix={t(`policy.unit.${rule.unit}`)}
          onChange={(next) => {
            if (next !== null) set(Math.round(next * per * 10) / 10);
          }}
        />
      );
    case 'flag':
      return <Switch {...shared} checked={value === true} onChange={set} />;
    case 'choice':
      return (
        <Picker
          label={name}
          data-testid={shared['data-testid']}
          popupMatchSelectWidth={false}
          value={String(value)}
          options={rule.choices.map((choice) => ({
            value: choice,
            label: i18n.t(`policy.choice.${choice}` as 'policy.choice.off'),
          }))}
          onChange={set}
        />
      );
    case 'clock':
      return (
        <Input
          {...shared}
          className="rule-clock"
          value={String(value)}
          maxLength={5}
          onChange={(event) => {
            set(event.target.value);
          }}
        />
      );
    case 'minutes':
      return (
        <Picker<string[]>
          label={name}
          data-testid={shared['data-testid']}
          mode="tags"
          className="rule-many"
          open={false}
          suffixIcon={t('policy.unit.minutes')}
          value={(value as number[]).map((each) => String(each / per))}
          onChange={(next) => {
            set(next.map((each) => Math.round(Number(each) * per)).filter((each) => each > 0));
          }}
        />
      );
    case 'lines':
      return (
        <Input.TextArea
          {...shared}
          autoSize={{ minRows: 3, maxRows: 12 }}
          value={(value as string[]).join('\n')}
          onChange={(event) => {
            set(event.target.value.split('\n'));
          }}
        />
      );
  }
}

function Group({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section>
      <h2>{name}</h2>
      {children}
    </section>
  );
}

/** Rules that are lists with a line each. */
const LINES = Object.values<readonly Rule[]>(GROUPS)
  .flat()
  .filter(({ kind }) => kind === 'lines');

function Rules({ stored, whose }: { stored: Values; whose: Whose }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const [changed, setChanged] = useState<Values>({});
  const now = { ...stored, ...changed };
  const change = (name: string, value: unknown) => {
    setChanged((before) => ({ ...before, [name]: value }));
  };
  const saving = useMutation({
    mutationFn: () => {
      const body = { ...changed };
      for (const { name } of LINES) {
        const written = changed[name] as string[] | undefined;
        // A blank line at the end is nothing to say.
        if (written) body[name] = written.map((line) => line.trim()).filter((line) => line !== '');
      }
      return send<Values>('PUT', '/api/v1/policy', { ...body, ...whose });
    },
    onSuccess: (values) => {
      cache.setQueryData(policyKey(whose), values);
      setChanged({});
      void message.success(t('policy.saved'));
    },
    onError: (error) => void message.error(sentenceOf(error), 8),
  });
  const count = Object.keys(changed).length;
  return (
    <div className="settings policies" data-testid="policies">
      {(Object.keys(GROUPS) as GroupName[]).map((group) => (
        <Group key={group} name={t(`policy.group.${group}`)}>
          {GROUPS[group].map((rule: Rule) => {
            const whole = now[rule.name];
            const value = rule.part === undefined ? whole : (whole as Values)[rule.part];
            const name = t(`policy.rule.${label(rule)}` as 'policy.rule.opening');
            return (
              <div key={label(rule)} className={`setting ${rule.kind === 'lines' ? 'is-tall' : ''}`}>
                <span className="rule-name">
                  {name}
                  {changed[rule.name] !== undefined && <small>{t('policy.changed')}</small>}
                </span>
                <Control
                  rule={rule}
                  name={name}
                  value={value}
                  set={(next) => {
                    change(
                      rule.name,
                      rule.part === undefined ? next : { ...(whole as Values), [rule.part]: next },
                    );
                  }}
                />
              </div>
            );
          })}
        </Group>
      ))}
      <Group name={t('policy.words.title')}>
        <WordRules
          value={now['riskWords'] as WordRule[]}
          set={(next) => {
            change('riskWords', next);
          }}
        />
      </Group>
      <Group name={t('policy.questions.title')}>
        <QuestionRules
          value={now['intakeQuestions'] as IntakeQuestions}
          set={(next) => {
            change('intakeQuestions', next);
          }}
        />
      </Group>
      <Group name={t('policy.template.title')}>
        <TemplateRule
          value={now['recordTemplate'] as RecordTemplate}
          set={(next) => {
            change('recordTemplate', next);
          }}
        />
      </Group>
      {/* Only when there is something to save: it stands below the rules, never over one. */}
      {count > 0 && (
        <div className="policy-save">
          <Button
            onClick={() => {
              setChanged({});
            }}
          >
            {t('policy.discard')}
          </Button>
          <Button
            type="primary"
            loading={saving.isPending}
            data-testid="policy-save"
            onClick={() => {
              saving.mutate();
            }}
          >
            {t('policy.save', { count })}
          </Button>
        </div>
      )}
    </div>
  );
}

export default function PoliciesPage() {
  const { t } = useTranslation();
  const { code, whose, tools } = useChosenHouse();
  const policy = useQuery({
    queryKey: policyKey(whose),
    queryFn: ({ signal }) => get<Values>('/api/v1/policy', { ...whose }, signal),
  });
  return (
    <PageFrame title={t('policy.title')} hint={t('policy.hint')} {...tools}>
      {policy.data ? (
        // Another house begins anew: what was changed for one is not saved for another.
        <Rules key={code} stored={policy.data} whose={whose} />
      ) : policy.isError ? (
        <FailedState title={t('policy.failed')} error={policy.error} retry={() => void policy.refetch()} />
      ) : (
        <RowSkeletons />
      )}
    </PageFrame>
  );
}
