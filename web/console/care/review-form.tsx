/** The form of a review: points by criterion, the whole in words, remarks on single messages. */
import { MinusCircleOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, InputNumber, Rate, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { QUALITY_CRITERIA, type QualityCriterion } from '../../../contract/enums.js';
import type { WholeQualityReview } from '../../../contract/quality-review.js';
import { FormModal } from '../ui/form-modal.js';
import { useStep } from './step.js';

interface Values {
  points: Partial<Record<QualityCriterion, number>>;
  comment?: string;
  remarks?: { seq: number; text: string }[];
}

export function WriteReview({
  session,
  known,
  close,
}: {
  session: string;
  known: WholeQualityReview | null;
  close: () => void;
}) {
  const { t } = useTranslation();
  const step = useStep(close);
  const required = [{ required: true, message: t('review.required') }];
  return (
    <FormModal<Values>
      title={t('review.title')}
      okTestId="review-save"
      busy={step.isPending}
      close={close}
      initialValues={{
        points: known?.points ?? {},
        comment: known?.comment ?? '',
        remarks: known?.remarks ?? [],
      }}
      onFinish={({ points, comment = '', remarks = [] }) => {
        // No stars = not judged.
        const given = Object.fromEntries(Object.entries(points).filter(([, value]) => value > 0));
        const body = { points: given, comment, remarks };
        step.mutate({
          method: 'PUT',
          path: `conversations/${session}/review`,
          body,
          told: t('review.savedTold'),
        });
      }}
    >
      <p className="state-hint is-plain">{t('review.hint')}</p>
      {QUALITY_CRITERIA.map((criterion) => (
        <Form.Item
          key={criterion}
          name={['points', criterion]}
          label={t(`review.criterion.${criterion}`)}
          layout="horizontal"
          labelCol={{ span: 8 }}
          labelAlign="left"
          className="is-tight"
        >
          <Rate aria-label={t(`review.criterion.${criterion}`)} data-testid={`points-${criterion}`} />
        </Form.Item>
      ))}
      <Form.Item name="comment" label={t('review.comment')}>
        <Input.TextArea rows={4} maxLength={8_000} data-testid="review-comment" />
      </Form.Item>
      <Form.List name="remarks">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <Space key={key} align="baseline">
                <Form.Item name={[name, 'seq']} label={t('review.seq')} rules={required}>
                  <InputNumber min={1} precision={0} />
                </Form.Item>
                <Form.Item name={[name, 'text']} label={t('review.remark')} rules={required}>
                  <Input.TextArea rows={2} maxLength={2_000} />
                </Form.Item>
                <Button
                  type="text"
                  icon={<MinusCircleOutlined />}
                  aria-label={t('review.removeRemark')}
                  onClick={() => {
                    remove(name);
                  }}
                />
              </Space>
            ))}
            <Button
              size="small"
              icon={<PlusOutlined />}
              onClick={() => {
                add();
              }}
            >
              {t('review.addRemark')}
            </Button>
          </>
        )}
      </Form.List>
    </FormModal>
  );
}
