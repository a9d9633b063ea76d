/** 质量评阅: a supervisor's points and words about a session that is over, beside its transcript; its counselor reads them. */
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { CheckCircleOutlined } from '@ant-design/icons';
import { Button, Switch, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { QUALITY_CRITERIA } from '../../../contract/enums.js';
import type { QualityReview, WholeQualityReview } from '../../../contract/quality-review.js';
import { get } from '../api/http.js';
import { useStaffName } from '../api/staff.js';
import { isCounselor, isSupervisor, useMe } from '../state/session.js';
import { serverNow } from '../ui/now.js';
import { PagedTable } from '../ui/query-table.js';
import { FailedState } from '../ui/states.js';
import { dateTime } from '../ui/time.js';
import { CARE, useCareList } from './api.js';
import { WriteReview } from './review-form.js';
import { useStep } from './step.js';

const SIZE = 20;

function Points({ points }: Pick<QualityReview, 'points'>) {
  const { t } = useTranslation();
  return QUALITY_CRITERIA.filter((criterion) => points[criterion] !== undefined).map((criterion) => (
    <Tag key={criterion}>{`${t(`review.criterion.${criterion}`)} ${String(points[criterion])}`}</Tag>
  ));
}

function One({ review }: { review: WholeQualityReview }) {
  const { t } = useTranslation();
  const me = useMe();
  const step = useStep();
  return (
    <li className="disclosure" data-testid="review">
      <p>
        <b>{review.reviewerName ?? t('common.unnamed')}</b> · {dateTime(review.savedTime, serverNow())}
      </p>
      <p>
        <Points points={review.points} />
      </p>
      <p className="words">{review.comment ?? t('review.erased')}</p>
      {review.remarks?.map(({ seq, text }) => (
        <p key={seq} className="words">
          {t('review.at', { seq })}：{text}
        </p>
      ))}
      {review.counselor === me.id && review.readTime === null && (
        <Button
          size="small"
          type="primary"
          loading={step.isPending}
          data-testid="review-read"
          onClick={() => {
            step.mutate({ path: `reviews/${review.id}/read`, told: t('review.marked') });
          }}
        >
          {t('review.read')}
        </Button>
      )}
    </li>
  );
}

/** The reviews of one session; a supervisor writes their own here. */
export function SessionReviews({ session }: { session: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const [writing, setWriting] = useState(false);
  const list = useQuery({
    queryKey: [CARE, 'reviews-of', session],
    queryFn: ({ signal }) =>
      get<WholeQualityReview[]>(`/api/v1/conversations/${session}/reviews`, undefined, signal),
  });
  if (list.isError)
    return <FailedState title={t('review.failed')} error={list.error} retry={() => void list.refetch()} />;
  const rows = list.data ?? [];
  const own = rows.find(({ reviewer }) => reviewer === me.id) ?? null;
  return (
    <section className="record-read">
      <h4>{t('review.title')}</h4>
      {list.data?.length === 0 && <p className="state-hint is-plain">{t('review.none')}</p>}
      <ul className="calls-made">
        {rows.map((review) => (
          <One key={review.id} review={review} />
        ))}
      </ul>
      {isSupervisor(me) && list.data && (
        <Button
          size="small"
          data-testid="review-write"
          onClick={() => {
            setWriting(true);
          }}
        >
          {t(own ? 'review.change' : 'review.write')}
        </Button>
      )}
      {writing && (
        <WriteReview
          session={session}
          known={own}
          close={() => {
            setWriting(false);
          }}
        />
      )}
    </section>
  );
}

/** Reviews in one's reach without their words; a row leads to its transcript. */
export function ReviewList() {
  const { t } = useTranslation();
  const me = useMe();
  const nameOf = useStaffName('COUNSELOR');
  const [unread, setUnread] = useState(false);
  const [page, setPage] = useState(1);
  const list = useCareList<QualityReview>('reviews', { unread: String(unread), page, size: SIZE });
  return (
    <>
      <label className="filters">
        <Switch
          checked={unread}
          aria-label={t('review.onlyUnread')}
          onChange={(value) => {
            setUnread(value);
            setPage(1);
          }}
        />
        {t('review.onlyUnread')}
      </label>
      <PagedTable<QualityReview>
        query={list}
        failed={t('review.failed')}
        empty={{ icon: <CheckCircleOutlined />, title: t('review.nothing'), hint: t('review.nothingHint') }}
        rowKey="id"
        columns={[
          ...(isCounselor(me)
            ? []
            : [
                {
                  title: t('records.counselor'),
                  render: (_: unknown, row: QualityReview) => nameOf(row.counselor),
                },
              ]),
          { title: t('review.by'), render: (_, row) => row.reviewerName ?? t('common.unnamed') },
          { title: t('review.points'), render: (_, row) => <Points points={row.points} /> },
          { title: t('review.saved'), render: (_, row) => dateTime(row.savedTime, serverNow()) },
          {
            title: t('review.state'),
            render: (_, row) => t(row.readTime === null ? 'review.unread' : 'review.seen'),
          },
          {
            key: 'open',
            render: (_, row) => (
              <a href={`#/records/${row.conversationId}`} data-testid="review-open">
                {t('records.transcript')}
              </a>
            ),
          },
        ]}
        page={page}
        size={SIZE}
        turn={setPage}
      />
    </>
  );
}
