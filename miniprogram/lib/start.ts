/** From a tap to a conversation: consent if this phone has not given it, then open. */
import { HotlineError } from '../../contract/client.js';
import { consentGiven, rememberConsent } from './device.js';
import { goInstead, go } from './go.js';
import { api, openWith, session } from './hotline.js';
import { t } from './words.js';

/** Whether this phone has agreed to the text as it is now. */
export const hasConsented = () => consentGiven() === version();

const version = () => session.getState().config?.consent.version ?? '';

/** @returns what went wrong, in words; '' when it did not */
export async function start(counselor = ''): Promise<string> {
  const asked = counselor === '' ? undefined : counselor;
  if (!hasConsented()) {
    go('consent', asked === undefined ? {} : { counselor: asked });
    return '';
  }
  try {
    await openWith(asked);
  } catch (error) {
    if (error instanceof HotlineError && error.code === 'CONSENT_NEEDED') {
      go('consent', asked === undefined ? {} : { counselor: asked });
      return '';
    }
    return wordsOfError(error);
  }
  goInstead('chat');
  return '';
}

export const wordsOfError = (error: unknown) =>
  error instanceof HotlineError ? error.message : t('unreachable');

/** Agreed: stored by the server with its version, remembered here. */
export async function agree(research: boolean): Promise<void> {
  await api.post('/api/v1/consent', { version: version(), research });
  rememberConsent(version());
}
