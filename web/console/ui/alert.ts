/** What calls somebody to the desk: a tone, and a notice of the desktop while the page is out of sight. */
import { tellDesktop } from './desktop.js';
import { playAlert, type Tone } from './sound.js';

export function alertWith(tone: Tone) {
  playAlert(tone);
  tellDesktop(tone);
}
