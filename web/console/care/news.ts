/** Tells whom it concerns, wherever they are, that a session of theirs was reviewed or a follow-up is due. */
import { useEffect } from 'react';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import { useClient } from '../live/context.js';
import { useRenewCare } from './api.js';

export function useCareNews() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useClient();
  const renew = useRenewCare();
  useEffect(
    () =>
      client.onPush((event) => {
        if (event !== 'review:saved' && event !== 'follow-up:due') return;
        void message.info(t(event === 'review:saved' ? 'review.told' : 'risk.dueTold'), 8);
        void renew();
      }),
    [client, message, renew, t],
  );
}
