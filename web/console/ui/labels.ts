/** Words that the institution's /config names; our catalogue has them too, for English and for a slow start. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { PublicConfig } from '../../../contract/config.js';
import type { ConversationStatus } from '../../../contract/enums.js';
import { get } from '../api/http.js';

export function useConfig(): PublicConfig | undefined {
  return useQuery({
    queryKey: ['config'],
    queryFn: ({ signal }) => get<PublicConfig>('/config', undefined, signal),
    staleTime: Infinity,
  }).data;
}

export function useStatusWord(): (status: ConversationStatus) => string {
  const { t, i18n } = useTranslation();
  const config = useConfig();
  return (status) =>
    (i18n.language === 'zh-CN' ? config?.conversationStatus[status] : undefined) ?? t(`status.${status}`);
}
