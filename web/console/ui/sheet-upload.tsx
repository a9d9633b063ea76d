/** A button that takes an Excel sheet, new or old, and hands it on. */
import { UploadOutlined } from '@ant-design/icons';
import { Button, Upload } from 'antd';
import type { ReactNode } from 'react';

interface Props {
  busy: boolean;
  onFile: (file: File) => void;
  children: ReactNode;
}

export function SheetUpload({ busy, onFile, children }: Props) {
  return (
    <Upload
      accept=".xls,.xlsx"
      showUploadList={false}
      beforeUpload={(file) => {
        onFile(file);
        return false;
      }}
    >
      <Button icon={<UploadOutlined />} loading={busy}>
        {children}
      </Button>
    </Upload>
  );
}
