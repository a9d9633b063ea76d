/** 知情同意书: what visitors agree to, version by version; a new one is written beside what they will see. */
import { useState } from 'react';
import { EditOutlined, FileProtectOutlined } from '@ant-design/icons';
import { Alert, Button, Drawer, Input, Popconfirm, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ConsentText } from '../../../contract/consent-text.js';
import { CONSENT_TEXT_MAX, richTextOf } from '../../../contract/rich-text.js';
import { RichText } from '../../shared/rich-text.js';
import { useDrafts } from '../state/drafts.js';
import { useNow } from '../ui/now.js';
import { QueryTable } from '../ui/query-table.js';
import { dateTime } from '../ui/time.js';
import { useHouse, useHouseStep, useWhose } from './api.js';

const DRAFT = 'consent-text';
interface Draft {
  text: string;
  /** The version in force when the writing began. */
  after: string;
}

/** What was begun survives another tab and a reload. */
function useDraft(): [Draft | null, (draft: Draft | null) => void] {
  const { institution } = useWhose();
  const key = institution === undefined ? DRAFT : `${DRAFT}:${institution}`;
  const stored = useDrafts((store) => store.drafts[key]);
  const write = useDrafts((store) => store.write);
  return [
    stored === undefined ? null : (JSON.parse(stored) as Draft),
    (draft) => {
      write(key, draft === null ? '' : JSON.stringify(draft));
    },
  ];
}

function Editor({
  draft,
  set,
  inForce,
  read,
  renew,
}: {
  draft: Draft;
  set: (draft: Draft | null) => void;
  inForce: ConsentText;
  read: () => void;
  renew: () => void;
}) {
  const { t } = useTranslation();
  const step = useHouseStep(() => {
    set(null);
  });
  const whose = useWhose();
  const isOutdated = inForce.version !== draft.after;
  const isSame = draft.text.trim() === '' || draft.text === inForce.text;
  return (
    <section className="consent-editor" aria-label={t('consentText.write')} data-testid="consent-editor">
      <div className="consent-columns">
        <label className="labelled">
          {t('consentText.text')}
          <Input.TextArea
            value={draft.text}
            maxLength={CONSENT_TEXT_MAX}
            autoSize={{ minRows: 14, maxRows: 28 }}
            data-testid="consent-text"
            onChange={(event) => {
              set({ ...draft, text: event.target.value });
            }}
          />
        </label>
        <div className="labelled">
          {t('consentText.preview')}
          <div className="consent-preview" tabIndex={0} role="region" aria-label={t('consentText.preview')}>
            <RichText nodes={richTextOf(draft.text)} />
          </div>
        </div>
      </div>
      {isOutdated && (
        <Alert
          type="warning"
          showIcon
          title={t('consentText.outdated', { version: inForce.version, after: draft.after })}
          action={
            <span className="setting-buttons">
              <Button size="small" onClick={read}>
                {t('consentText.readNew')}
              </Button>
              <Button
                size="small"
                data-testid="consent-rebase"
                onClick={() => {
                  set({ ...draft, after: inForce.version });
                }}
              >
                {t('consentText.goOn')}
              </Button>
            </span>
          }
        />
      )}
      <div className="setting-buttons">
        <Popconfirm
          placement="topLeft"
          title={t('consentText.publishTitle')}
          okText={t('consentText.publish')}
          cancelText={t('common.cancel')}
          okButtonProps={{ 'data-testid': 'consent-confirm' }}
          onConfirm={() => {
            step.mutate(
              { path: 'consent-texts', body: { ...whose, ...draft }, told: t('consentText.published') },
              // Most likely another text came: it is shown beside what was written.
              { onError: renew },
            );
          }}
        >
          <Button
            type="primary"
            disabled={isSame || isOutdated}
            loading={step.isPending}
            data-testid="consent-publish"
          >
            {t('consentText.publish')}
          </Button>
        </Popconfirm>
        <Popconfirm
          title={t('consentText.dropTitle')}
          okText={t('consentText.drop')}
          cancelText={t('common.cancel')}
          onConfirm={() => {
            set(null);
          }}
        >
          <Button>{t('consentText.drop')}</Button>
        </Popconfirm>
      </div>
    </section>
  );
}

export function ConsentTexts() {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const list = useHouse<ConsentText[]>('consent-texts', useWhose());
  const [draft, setDraft] = useDraft();
  const [shown, setShown] = useState<ConsentText | null>(null);
  const inForce = list.data?.[0];
  const begin = (text: string) => {
    if (inForce) setDraft({ text, after: inForce.version });
  };
  return (
    <>
      <p className="state-hint is-plain">{t('consentText.hint')}</p>
      {inForce && draft === null && (
        <div className="filters">
          <Button
            type="primary"
            icon={<EditOutlined />}
            data-testid="consent-write"
            onClick={() => {
              begin(inForce.text);
            }}
          >
            {t('consentText.write')}
          </Button>
        </div>
      )}
      {inForce && draft !== null && (
        <Editor
          draft={draft}
          set={setDraft}
          inForce={inForce}
          read={() => {
            setShown(inForce);
          }}
          renew={() => void list.refetch()}
        />
      )}
      <QueryTable<ConsentText>
        query={list}
        failed={t('consentText.failed')}
        empty={{ icon: <FileProtectOutlined />, title: t('common.none') }}
        rowKey="version"
        columns={[
          {
            title: t('consentText.version'),
            render: (_, row) => (
              <span className="case-line">
                {row.version}
                {row.until === null && <Tag color="success">{t('consentText.inForce')}</Tag>}
              </span>
            ),
          },
          {
            title: t('consentText.from'),
            render: (_, row) => (row.from === null ? t('consentText.always') : dateTime(row.from, now)),
          },
          {
            title: t('consentText.until'),
            render: (_, row) => (row.until === null ? t('common.none') : dateTime(row.until, now)),
          },
          {
            title: t('consentText.by'),
            render: (_, row) => (row.by ? (row.by.name ?? t('common.unnamed')) : t('consentText.platform')),
          },
          { title: t('consentText.given'), dataIndex: 'given', align: 'right' },
          {
            key: 'steps',
            render: (_, row) => (
              <Button
                size="small"
                data-testid="consent-read"
                onClick={() => {
                  setShown(row);
                }}
              >
                {t('consentText.read')}
              </Button>
            ),
          },
        ]}
        dataSource={list.data ?? []}
        pagination={false}
      />
      <Drawer
        open={shown !== null}
        size={640}
        title={shown ? t('consentText.readOf', { version: shown.version }) : ''}
        extra={
          shown &&
          draft === null && (
            <Button
              onClick={() => {
                begin(shown.text);
                setShown(null);
              }}
            >
              {t('consentText.startFrom')}
            </Button>
          )
        }
        onClose={() => {
          setShown(null);
        }}
      >
        {shown && <RichText nodes={richTextOf(shown.text)} />}
      </Drawer>
    </>
  );
}
