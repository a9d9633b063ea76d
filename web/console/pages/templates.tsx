/** 模板文件: the institution's blank forms, and the sheets that the system itself offers. */
import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { DownloadOutlined, UploadOutlined } from '@ant-design/icons';
import { App, Button, Space, Upload, type TableColumnsType } from 'antd';
import { useTranslation } from 'react-i18next';
import type { TemplateFile } from '../../../contract/consultant/record.js';
import { consult, download, upload } from '../api/consultant.js';
import { send } from '../api/http.js';
import { useMe } from '../state/session.js';
import { sentenceOf } from '../ui/problem.js';
import { QueryTable } from '../ui/query-table.js';

export function Templates() {
  const { t } = useTranslation();
  const me = useMe();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [chosen, setChosen] = useState<string[]>([]);
  const list = useQuery({
    queryKey: ['templates'],
    queryFn: ({ signal }) => consult<TemplateFile[]>(me.userID, 'interview/template/list', {}, signal),
  });
  const onError = (error: unknown) => void message.error(sentenceOf(error));
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ['templates'] });
  const fetching = useMutation({ mutationFn: (names: string[]) => download(me.userID, names), onError });
  const adding = useMutation({
    mutationFn: (file: File) => upload(me.userID, 'interview/upload/template', file),
    onSuccess,
    onError,
  });
  const removing = useMutation({
    mutationFn: (name: string) => send('DELETE', `/api/v1/templates/${encodeURIComponent(name)}`),
    onSuccess,
    onError,
  });
  const columns: TableColumnsType<TemplateFile> = [
    { title: t('cases.template'), dataIndex: 'fileName' },
    { title: t('cases.size'), dataIndex: 'fileSize' },
    {
      title: t('orders.actions'),
      render: (_, row) => (
        <Space>
          <Button
            size="small"
            icon={<DownloadOutlined />}
            data-testid="template-download"
            onClick={() => {
              fetching.mutate([row.fileName]);
            }}
          >
            {t('cases.download')}
          </Button>
          <Button
            size="small"
            danger
            onClick={() => {
              removing.mutate(row.fileName);
            }}
          >
            {t('cases.remove')}
          </Button>
        </Space>
      ),
    },
  ];
  return (
    <>
      <div className="filters">
        <Upload
          accept=".xls,.xlsx,.doc,.docx,.pdf"
          showUploadList={false}
          beforeUpload={(file) => {
            adding.mutate(file);
            return false;
          }}
        >
          <Button icon={<UploadOutlined />} loading={adding.isPending}>
            {t('cases.uploadTemplate')}
          </Button>
        </Upload>
        <Button
          icon={<DownloadOutlined />}
          disabled={chosen.length === 0}
          onClick={() => {
            fetching.mutate(chosen);
          }}
        >
          {t('cases.downloadAll')}
        </Button>
      </div>
      <QueryTable<TemplateFile>
        query={list}
        failed={t('cases.failed')}
        rowKey="fileName"
        columns={columns}
        dataSource={list.data ?? []}
        pagination={false}
        rowSelection={{
          selectedRowKeys: chosen,
          onChange: (keys) => {
            setChosen(keys.map(String));
          },
        }}
      />
    </>
  );
}
