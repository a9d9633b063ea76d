/** Help in an emergency, and a way out that leaves no trace: one tap away in every state, also above a sheet. */
import { forgetEverything } from '../device.js';
import { client, endInPassing } from '../hotline.js';
import { forgetShell } from '../phone.js';
import { t } from '../text.js';
import { EmergencyButton } from './emergency.js';
import { Icon } from './icons.js';

/** Nothing here may wait: the page is replaced in the same tick, and Back does not bring it up again. */
function leaveAtOnce() {
  try {
    endInPassing();
    client.clear();
    forgetEverything();
    forgetShell();
  } finally {
    document.documentElement.replaceChildren();
    location.replace('/visit/blank.html');
  }
}

/** @param within tells those above a sheet from those of the page, which are out of reach meanwhile */
export const Help = ({ within = '' }: { within?: string }) => (
  <>
    <EmergencyButton testId={`${within}emergency`} />
    <button type="button" className="pill" data-testid={`${within}quick-exit`} onClick={leaveAtOnce}>
      <Icon name="leave" />
      {t('quickExit')}
    </button>
  </>
);
