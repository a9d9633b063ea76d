/** More time for a running session, once, for a reason; both sides are told of it. */
import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { FieldTimeOutlined } from '@ant-design/icons';
import { App, Button, Modal, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { EXTENSION_REASONS, type ExtensionReason } from '../../../contract/enums.js';
import { send } from '../api/http.js';
import { sentenceOf } from '../ui/problem.js';

export function ExtendButton({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState<ExtensionReason | null>(null);
  const extending = useMutation({
    mutationFn: () => send('POST', `/api/v1/conversations/${conversationId}/extend`, { reason }),
    // The line in the thread tells by how much; the clock moves with the conversation.
    onSuccess: () => {
      setOpen(false);
    },
    onError: (error) => void message.error(sentenceOf(error), 6),
  });
  return (
    <>
      <Button
        type="text"
        size="small"
        icon={<FieldTimeOutlined />}
        data-testid="extend-open"
        onClick={() => {
          setOpen(true);
        }}
      >
        {t('extend.open')}
      </Button>
      <Modal
        open={open}
        title={t('extend.title')}
        okText={t('extend.confirm')}
        cancelText={t('common.cancel')}
        okButtonProps={{ disabled: reason === null, 'data-testid': 'extend-confirm' }}
        confirmLoading={extending.isPending}
        onOk={() => {
          extending.mutate();
        }}
        onCancel={() => {
          setOpen(false);
        }}
      >
        <p>{t('extend.hint')}</p>
        <Radio.Group
          vertical
          aria-label={t('extend.reason')}
          value={reason}
          options={EXTENSION_REASONS.map((value) => ({ value, label: t(`extend.reasons.${value}`) }))}
          onChange={(event) => {
            setReason(event.target.value as ExtensionReason);
          }}
        />
      </Modal>
    </>
  );
}
