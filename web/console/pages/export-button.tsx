/** Asks for an export of chosen conversations and leads to where it grows. */
import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { ExportOutlined } from '@ant-design/icons';
import { App, Button, Checkbox, Modal, Radio, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ExportTask } from '../../../contract/export.js';
import { EXPORT_FORMATS, type ExportFormat } from '../../../contract/enums.js';
import { send } from '../api/http.js';
import { sentenceOf } from '../ui/problem.js';
import { go } from '../ui/route.js';

export function ExportButton({ ids }: { ids: readonly string[] }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const [format, setFormat] = useState<ExportFormat>('pdf');
  const [redact, setRedact] = useState(false);
  const asking = useMutation({
    mutationFn: () => {
      const query = `?format=${format}&redact=${redact ? '1' : '0'}`;
      const [first] = ids;
      return ids.length === 1 && first !== undefined
        ? send<ExportTask>('POST', `/conversation/export/${first}${query}`)
        : send<ExportTask>('POST', `/conversation/batchexport${query}`, ids);
    },
    onSuccess: () => {
      setOpen(false);
      go('exports');
    },
    onError: (error) => void message.error(sentenceOf(error)),
  });
  return (
    <>
      <Button
        icon={<ExportOutlined />}
        disabled={ids.length === 0}
        data-testid="export"
        onClick={() => {
          setOpen(true);
        }}
      >
        {ids.length === 0 ? t('exports.chooseFirst') : t('exports.export', { count: ids.length })}
      </Button>
      <Modal
        open={open}
        title={t('exports.export', { count: ids.length })}
        okText={t('exports.begin')}
        cancelText={t('common.cancel')}
        confirmLoading={asking.isPending}
        okButtonProps={{ 'data-testid': 'export-confirm' }}
        onOk={() => {
          asking.mutate();
        }}
        onCancel={() => {
          setOpen(false);
        }}
      >
        <Space orientation="vertical" size="middle">
          <Radio.Group
            value={format}
            options={EXPORT_FORMATS.map((value) => ({ value, label: value }))}
            onChange={(event) => {
              setFormat(event.target.value as ExportFormat);
            }}
          />
          <Checkbox
            checked={redact}
            onChange={(event) => {
              setRedact(event.target.checked);
            }}
          >
            {t('exports.redact')}
          </Checkbox>
          <p>{t('exports.logged')}</p>
        </Space>
      </Modal>
    </>
  );
}
