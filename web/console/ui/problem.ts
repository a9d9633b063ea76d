/** What an error is called for the person who sees it: the server's own Chinese sentence wherever there is one. */
import i18next from 'i18next';
import { HotlineError } from '../../../contract/client.js';
import { ApiError } from '../api/http.js';

export function sentenceOf(error: unknown, fallback?: string): string {
  if (error instanceof ApiError) {
    if (error.kind === 'network') return i18next.t('error.network');
    if (error.message !== '' && error.kind !== 'server') return error.message;
    if (error.kind === 'forbidden') return i18next.t('error.forbidden');
    if (error.kind === 'limited') return i18next.t('error.limited');
    if (error.kind === 'server') return error.message || i18next.t('error.server');
  }
  if (error instanceof HotlineError) {
    if (error.code === 'DISCONNECTED' || error.code === 'TIMEOUT') return i18next.t('error.network');
    if (error.message !== '') return error.message;
  }
  return fallback ?? i18next.t('error.unknown');
}
