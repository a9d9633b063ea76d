/** One tap when somebody is in danger: supervisors on duty are called, the visitor gets the card, the counselor a script. */
import { useMutation } from '@tanstack/react-query';
import { AlertOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Alarm } from '../../../contract/risk.js';
import { send } from '../api/http.js';
import { sentenceOf } from '../ui/problem.js';

export function AlarmButton({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const raising = useMutation({
    mutationFn: () => send<Alarm>('POST', `/api/v1/conversations/${conversationId}/alarm`, {}),
    onSuccess: ({ script }) => {
      modal.info({
        title: t('alarm.raised'),
        width: 560,
        content: (
          <ol className="script" data-testid="alarm-script">
            {script.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ol>
        ),
        okText: t('alarm.understood'),
      });
    },
    onError: (error) => void message.error(sentenceOf(error)),
  });
  return (
    <Button
      danger
      type="primary"
      icon={<AlertOutlined />}
      loading={raising.isPending}
      title={t('alarm.hint')}
      data-testid="alarm"
      onClick={() => {
        raising.mutate();
      }}
    >
      {t('alarm.raise')}
    </Button>
  );
}
