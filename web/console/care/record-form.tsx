/** The record of a session that is over, by the institution's template. What is typed survives a reload of the tab. */
import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { App, Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import {
  DISPOSITIONS,
  NO_BAND_REASONS,
  type Disposition,
  type NoBandReason,
} from '../../../contract/enums.js';
import type { SessionRecord } from '../../../contract/session-record.js';
import { send } from '../api/http.js';
import { useDrafts } from '../state/drafts.js';
import { Picker } from '../ui/picker.js';
import { sentenceOf } from '../ui/problem.js';
import { FailedState, RowSkeletons } from '../ui/states.js';
import { dateTime, roughSpan } from '../ui/time.js';
import { serverNow } from '../ui/now.js';
import { useRecord, useRenewCare } from './api.js';
import { Band } from './band.js';

interface Values {
  disposition?: Disposition;
  noBand?: NoBandReason;
  fields: Record<string, string>;
}

const draftKey = (session: string) => `record:${session}`;

function valuesOf(record: SessionRecord, draft: string | undefined): Values {
  const stored: Values = {
    ...(record.disposition ? { disposition: record.disposition } : {}),
    ...(record.noBand ? { noBand: record.noBand } : {}),
    fields: record.fields ?? {},
  };
  try {
    return draft === undefined ? stored : { ...stored, ...(JSON.parse(draft) as Values) };
  } catch {
    return stored;
  }
}

function Writing({ record, done }: { record: SessionRecord; done: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const renew = useRenewCare();
  const { conversationId: id, form: template } = record;
  const [form] = Form.useForm<Values>();
  const [first] = useState(() => valuesOf(record, useDrafts.getState().drafts[draftKey(id)]));
  const saving = useMutation({
    mutationFn: ({ disposition, noBand, fields }: Values) =>
      send<SessionRecord>('PUT', `/api/v1/conversations/${id}/record`, {
        disposition,
        ...(record.band === null ? { noBand } : {}),
        template: template.version,
        fields: Object.fromEntries(template.fields.map((field) => [field.id, fields[field.id] ?? ''])),
      }),
    onSuccess: async () => {
      useDrafts.getState().write(draftKey(id), '');
      void message.success(t('record.saved'));
      await renew();
      done();
    },
    onError: (error) => void message.error(sentenceOf(error), 6),
  });
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      size="middle"
      initialValues={first}
      data-testid="record-form"
      scrollToFirstError
      onValuesChange={(_changed, values) => {
        useDrafts.getState().write(draftKey(id), JSON.stringify(values));
      }}
      onFinish={(values) => {
        saving.mutate(values);
      }}
    >
      <Form.Item
        name="disposition"
        label={t('record.disposition')}
        rules={[{ required: true, message: t('record.needDisposition') }]}
      >
        <Picker<Disposition>
          label={t('record.disposition')}
          data-testid="record-disposition"
          options={DISPOSITIONS.map((value) => ({ value, label: t(`disposition.${value}`) }))}
        />
      </Form.Item>
      {record.band === null ? (
        <Form.Item
          name="noBand"
          label={t('record.noBand')}
          extra={t('record.noBandHint')}
          rules={[{ required: true, message: t('record.needNoBand') }]}
        >
          <Picker<NoBandReason>
            label={t('record.noBand')}
            data-testid="record-no-band"
            options={NO_BAND_REASONS.map((value) => ({ value, label: t(`noBand.${value}`) }))}
          />
        </Form.Item>
      ) : (
        <Form.Item label={t('record.band')}>
          <Band band={record.band} />
        </Form.Item>
      )}
      {template.fields.map(({ id: field, label, required }) => (
        <Form.Item
          key={field}
          name={['fields', field]}
          label={label}
          rules={[{ required, whitespace: required, message: t('record.needField') }]}
        >
          <Input.TextArea
            autoSize={{ minRows: 2, maxRows: 10 }}
            maxLength={8_000}
            data-testid={`record-${field}`}
          />
        </Form.Item>
      ))}
      <Button type="primary" htmlType="submit" block loading={saving.isPending} data-testid="record-save">
        {t('record.save')}
      </Button>
    </Form>
  );
}

/** Facts and words, to read. */
export function RecordWords({ record }: { record: SessionRecord }) {
  const { t } = useTranslation();
  const { form, fields, savedTime, disposition, band, noBand, wait, duration, endCause } = record;
  const facts = [
    [t('record.disposition'), disposition && t(`disposition.${disposition}`)],
    [t('record.band'), band ? <Band key="band" band={band} /> : noBand && t(`noBand.${noBand}`)],
    [t('visitor.waited'), wait === null ? null : roughSpan(wait * 1_000)],
    [t('visitor.duration'), duration === null ? null : roughSpan(duration * 1_000)],
    [t('visitor.cause'), endCause && t(`cause.${endCause}`)],
    [t('record.savedAt'), savedTime === null ? null : dateTime(savedTime, serverNow())],
  ] as const;
  // A later template may have lost a field: what was written under it is shown by its key.
  const labels = new Map(form.fields.map(({ id, label }) => [id, label]));
  return (
    <div data-testid="record-words">
      <dl className="facts">
        {facts.map(
          ([label, value]) =>
            value !== null && (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      {Object.entries(fields ?? {}).map(
        ([id, words]) =>
          words !== '' && (
            <section key={id} className="record-part">
              <h4>{labels.get(id) ?? id}</h4>
              <p className="words">{words}</p>
            </section>
          ),
      )}
      {savedTime !== null && fields === null && <p className="state-hint is-plain">{t('record.erased')}</p>}
    </div>
  );
}

/** @param writer the caller is its counselor */
export function RecordPanel({ session, writer }: { session: string; writer: boolean }) {
  const { t } = useTranslation();
  const { data: record, isError, error, refetch } = useRecord(session);
  const [changing, setChanging] = useState(false);
  if (!record)
    return isError ? (
      <FailedState title={t('record.failed')} error={error} retry={() => void refetch()} />
    ) : (
      <RowSkeletons rows={3} />
    );
  if (writer && (record.savedTime === null || changing))
    return (
      <Writing
        record={record}
        done={() => {
          setChanging(false);
        }}
      />
    );
  if (record.savedTime === null) return <p className="state-hint is-plain">{t('record.none')}</p>;
  return (
    <>
      <RecordWords record={record} />
      {writer && (
        <Button
          block
          data-testid="record-change"
          onClick={() => {
            setChanging(true);
          }}
        >
          {t('record.change')}
        </Button>
      )}
    </>
  );
}
