/** Crisis lines; the numbers are in the package too, so the card works off line and before any log-in. */
import { session } from './hotline.js';
import { t } from './words.js';

const BUILT_IN = [
  { name: t('linesMental'), phone: '12356', note: '' },
  { name: t('linesPolice'), phone: '110', note: '' },
  { name: t('linesAmbulance'), phone: '120', note: '' },
];

export const crisisLines = () => {
  const lines = session.getState().config?.emergency ?? [];
  return lines.length === 0 ? BUILT_IN : lines;
};
