/** A dialog that is one form: its first button sends what the form has checked. */
import type { ReactNode } from 'react';
import { Form, Modal, type FormProps } from 'antd';
import { useTranslation } from 'react-i18next';

interface Props<Values> extends Pick<FormProps<Values>, 'form' | 'initialValues' | 'onFinish'> {
  title: string;
  /** What the first button says; "save" unless told. */
  okText?: string;
  /** The first button destroys something. */
  danger?: boolean;
  okTestId: string;
  /** What was sent is on its way. */
  busy: boolean;
  /** Left out where the dialog is there only while it is open. */
  open?: boolean;
  close: () => void;
  children: ReactNode;
}

/** @param form only where the caller watches or writes the fields itself */
export function FormModal<Values extends object>({
  title,
  okText,
  danger = false,
  okTestId,
  busy,
  open = true,
  close,
  form: given,
  children,
  ...rest
}: Props<Values>) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>(given);
  return (
    <Modal
      open={open}
      title={title}
      okText={okText ?? t('common.save')}
      cancelText={t('common.cancel')}
      confirmLoading={busy}
      okButtonProps={{ danger, 'data-testid': okTestId }}
      onOk={() => {
        form.submit();
      }}
      onCancel={close}
    >
      <Form<Values> form={form} layout="vertical" {...rest}>
        {children}
      </Form>
    </Modal>
  );
}
