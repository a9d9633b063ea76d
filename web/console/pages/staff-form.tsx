/** Adding or editing a counselor or supervisor (document sections 8, 9, 11, 12 and 19). */
import { useEffect } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, InputNumber, Select } from 'antd';
import { md5 } from 'js-md5';
import { useTranslation } from 'react-i18next';
import type { StaffRow } from '../../../contract/user.js';
import type { Strengths } from '../../../contract/wish.js';
import { get, getPage, send } from '../api/http.js';
import { isAdmin, useMe } from '../state/session.js';
import { FormModal } from '../ui/form-modal.js';
import { Picker } from '../ui/picker.js';
import { sentenceOf } from '../ui/problem.js';

export interface Edited {
  kind: 'counselor' | 'supervisor';
  /** null adds somebody. */
  row: StaffRow | null;
}

interface Values {
  username: string;
  password?: string;
  name?: string;
  gender?: string;
  phoneNumber?: string;
  idNumber?: string;
  department?: string;
  title?: string;
  email?: string;
  qualification?: string;
  qualificationCode?: string;
  supervisors?: string[];
  maxConsults?: number;
  skills?: string[];
  languages?: string[];
}
const LINES = ['name', 'gender', 'phoneNumber', 'idNumber', 'department', 'title', 'email'] as const;
const PROOF = ['qualification', 'qualificationCode'] as const;

/** The row as the form shows it; what nobody told is an empty line. */
const valuesOf = (row: StaffRow | null): Partial<Values> =>
  row === null
    ? {}
    : {
        ...Object.fromEntries([...LINES, ...PROOF].map((field) => [field, row[field] ?? ''])),
        username: row.username ?? '',
        supervisors: row.supervisors ?? [],
        ...(row.maxConsults === null ? {} : { maxConsults: row.maxConsults }),
      };

async function save({ kind, row }: Edited, { password, skills, languages, ...values }: Values) {
  const secret = password === undefined || password === '' ? {} : { password: md5(password) };
  if (row === null) return send('PUT', `/user/ms/${kind}`, { ...values, ...secret });
  if (kind === 'supervisor') return send('POST', '/user/ms/supervisor', { ...values, ...secret });
  await send('POST', `/user/ms/counselor/${row.id}`, values);
  if (skills && languages) await send('PUT', strengthsOf(row.id), { skills, languages });
}

const strengthsOf = (id: string) => `/api/v1/counselors/${id}/strengths`;

export function StaffForm({ edited, close }: { edited: Edited; close: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const [form] = Form.useForm<Values>();
  const supervisors = useQuery({
    queryKey: ['staff', 'supervisors'],
    queryFn: ({ signal }) => getPage<StaffRow>('/user/list', { type: 'SUPERVISOR', size: 100 }, signal),
    enabled: edited.kind === 'counselor' && isAdmin(me),
  });
  const counselor = edited.kind === 'counselor';
  const known = counselor ? edited.row?.id : undefined;
  const strengths = useQuery({
    queryKey: ['staff', 'strengths', known],
    queryFn: ({ signal }) => get<Strengths>(strengthsOf(known ?? ''), undefined, signal),
    enabled: known !== undefined,
  });
  // They come after the form is there.
  useEffect(() => {
    if (strengths.data) form.setFieldsValue(strengths.data);
  }, [form, strengths.data]);
  const saving = useMutation({
    mutationFn: (values: Values) => save(edited, values),
    onSuccess: async () => {
      void message.success(t('staff.done'));
      close();
      await cache.invalidateQueries({ queryKey: ['staff'] });
    },
    onError: (error) => void message.error(sentenceOf(error)),
  });
  const adding = edited.row === null;
  return (
    <FormModal<Values>
      title={adding ? t(`staff.add.${edited.kind}`) : t('staff.edit')}
      okTestId="staff-save"
      busy={saving.isPending}
      close={close}
      form={form}
      initialValues={valuesOf(edited.row)}
      onFinish={(values) => {
        saving.mutate(values);
      }}
    >
      <Form.Item name="username" label={t('staff.username')} rules={[{ required: true }]}>
        <Input autoComplete="off" disabled={!adding && !counselor} data-testid="staff-username" />
      </Form.Item>
      {(adding || !counselor) && (
        <Form.Item
          name="password"
          label={t(adding ? 'staff.password' : 'staff.newPassword')}
          rules={adding ? [{ required: true }] : []}
        >
          <Input.Password autoComplete="new-password" data-testid="staff-password" />
        </Form.Item>
      )}
      {LINES.map((field) => (
        <Form.Item key={field} name={field} label={t(`staff.field.${field}`)}>
          <Input autoComplete="off" data-testid={`staff-${field}`} />
        </Form.Item>
      ))}
      {!counselor &&
        PROOF.map((field) => (
          <Form.Item key={field} name={field} label={t(`staff.field.${field}`)}>
            <Input autoComplete="off" />
          </Form.Item>
        ))}
      {counselor && !adding && (
        <>
          {isAdmin(me) && (
            <Form.Item name="supervisors" label={t('staff.supervisors')}>
              <Select
                mode="multiple"
                optionFilterProp="label"
                options={(supervisors.data?.rows ?? []).map(({ id, name, username }) => ({
                  value: id,
                  label: name ?? username ?? id,
                }))}
              />
            </Form.Item>
          )}
          <Form.Item name="maxConsults" label={t('staff.seats')}>
            <InputNumber min={0} max={50} />
          </Form.Item>
          {(['skills', 'languages'] as const).map((field) => (
            <Form.Item key={field} name={field} label={t(`staff.${field}`)} extra={t('staff.wished')}>
              <Picker<string[]>
                mode="tags"
                open={false}
                suffixIcon={null}
                tokenSeparators={['、', '，', ',']}
                label={t(`staff.${field}`)}
                data-testid={`staff-${field}`}
              />
            </Form.Item>
          ))}
        </>
      )}
    </FormModal>
  );
}
