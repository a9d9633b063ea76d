/** Labels of the institution on a session: which are on it, putting on and taking off, and the list itself for admins. */
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { CheckOutlined } from '@ant-design/icons';
import { Button, Modal, Select, type SelectProps } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ListedConversation } from '../../../contract/conversation.js';
import { get, getPage } from '../api/http.js';
import { useStepOf } from '../api/step.js';
import { isAdmin, useMe } from '../state/session.js';
import { Picker } from '../ui/picker.js';
import { sentenceOf } from '../ui/problem.js';

const TAGS = 'tags';
const RARELY = 300_000;

/** What may be put on. */
const useTagList = (of: 'own' | 'all' = 'own') =>
  useQuery({
    queryKey: [TAGS, 'list', of],
    queryFn: ({ signal }) => get<string[]>('/api/v1/tags', { of }, signal),
    staleTime: RARELY,
  });

/** '' = any; nothing at all where there are no labels. Who sees the sessions of all institutions sees their labels. */
export function TagFilter(props: Pick<SelectProps<string>, 'value' | 'onChange' | 'className'>) {
  const { t } = useTranslation();
  const tags = useTagList(useMe().type === 'SYSTEM_ADMINISTRATOR' ? 'all' : 'own').data ?? [];
  if (tags.length === 0) return null;
  return (
    <Select
      {...props}
      aria-label={t('tags.filter')}
      data-testid="filter-tag"
      popupMatchSelectWidth={false}
      options={[{ value: '', label: t('tags.any') }, ...tags.map((value) => ({ value, label: value }))]}
    />
  );
}

/** By session, of my running ones. @param ids asked for anew when others are mine */
export function useMyTags(ids: readonly string[]): Record<string, string[]> {
  const { data } = useQuery({
    queryKey: [TAGS, 'mine', [...ids].sort().join()],
    queryFn: ({ signal }) =>
      getPage<ListedConversation>('/conversation/consultlist', { status: 'OPEN', size: 200 }, signal),
    enabled: ids.length > 0,
    staleTime: RARELY,
  });
  return Object.fromEntries((data?.rows ?? []).map(({ id, tags }) => [id, tags]));
}

function EditList({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const list = useTagList();
  const [changed, setChanged] = useState<string[] | null>(null);
  const saving = useStepOf(TAGS, close);
  return (
    <Modal
      open
      title={t('tags.list')}
      okText={t('common.save')}
      cancelText={t('common.cancel')}
      confirmLoading={saving.isPending}
      okButtonProps={{ disabled: changed === null, 'data-testid': 'tags-save' }}
      onOk={() => {
        saving.mutate({
          method: 'PUT',
          path: 'policy',
          body: { sessionTags: changed },
          told: t('tags.saved'),
        });
      }}
      onCancel={close}
    >
      <p className="state-hint is-plain">{t('tags.listHint')}</p>
      <Picker<string[]>
        mode="tags"
        open={false}
        suffixIcon={null}
        className="wide"
        label={t('tags.list')}
        tokenSeparators={['、', '，', ',']}
        value={changed ?? list.data ?? []}
        data-testid="tags-list"
        onChange={(tags) => {
          setChanged([...new Set(tags.map((tag) => tag.trim().slice(0, 20)))].filter((tag) => tag !== ''));
        }}
      />
    </Modal>
  );
}

/** The labels of one session, each a switch. */
export function SessionTags({ session }: { session: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const list = useTagList();
  const [editing, setEditing] = useState(false);
  const own = useQuery({
    queryKey: [TAGS, 'of', session],
    queryFn: ({ signal }) => get<string[]>(`/api/v1/conversations/${session}/tags`, undefined, signal),
  });
  const step = useStepOf(TAGS);
  const on = own.data ?? [];
  // What the institution gave up stands behind, so that it can be taken off.
  const all = [...new Set([...(list.data ?? []), ...on])];
  const problem = own.error ?? list.error;
  return (
    <section className="tags" data-testid="tags">
      <h4>{t('tags.title')}</h4>
      {problem !== null && (
        <p className="warn-words" role="alert">
          {sentenceOf(problem)}
        </p>
      )}
      <div className="tag-set" role="group" aria-label={t('tags.title')}>
        {all.map((tag) => (
          <button
            key={tag}
            type="button"
            className="tag-chip"
            aria-pressed={on.includes(tag)}
            disabled={!own.isSuccess || step.isPending}
            data-testid="tag"
            onClick={() => {
              const body = { tag, on: !on.includes(tag) };
              step.mutate({ method: 'PUT', path: `conversations/${session}/tags`, body });
            }}
          >
            {on.includes(tag) && <CheckOutlined aria-hidden="true" />} {tag}
          </button>
        ))}
      </div>
      {list.isSuccess && all.length === 0 && <p className="state-hint is-plain">{t('tags.none')}</p>}
      {isAdmin(me) && (
        <Button
          size="small"
          data-testid="tags-edit"
          onClick={() => {
            setEditing(true);
          }}
        >
          {t('tags.list')}
        </Button>
      )}
      {editing && (
        <EditList
          close={() => {
            setEditing(false);
          }}
        />
      )}
    </section>
  );
}
