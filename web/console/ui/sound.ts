/**
 * Soft tones made by WebAudio: rising for a new conversation, a single drop for a new message, a low pair while somebody
 * waits. No asset to load, and the test button plays exactly what an alert plays.
 */
import { create } from 'zustand';
import { usePreferences } from '../state/preferences.js';

export type Tone = 'assigned' | 'message' | 'waiting';

/** [frequency, starts at, lasts], seconds. */
const SCORES: Record<Tone, [number, number, number][]> = {
  assigned: [
    [523.25, 0, 0.35],
    [659.25, 0.16, 0.35],
    [783.99, 0.32, 0.55],
  ],
  message: [[587.33, 0, 0.28]],
  waiting: [
    [392, 0, 0.3],
    [392, 0.35, 0.3],
  ],
};

/** True when the browser holds sound back until somebody touches the page. */
export const useSoundBlocked = create<{ blocked: boolean }>()(() => ({ blocked: false }));

let context: AudioContext | null = null;
let lastPlayed = 0;

function audio() {
  context ??= new AudioContext();
  return context;
}

/** Called on the first gesture: a browser lets only those start sound. */
export function unlockSound() {
  audio()
    .resume()
    .then(() => {
      useSoundBlocked.setState({ blocked: false });
    })
    .catch(() => undefined);
}

function play(tone: Tone, volume: number) {
  const ctx = audio();
  if (ctx.state !== 'running') {
    void ctx.resume();
    useSoundBlocked.setState({ blocked: true });
    return;
  }
  for (const [frequency, at, lasts] of SCORES[tone]) {
    const start = ctx.currentTime + at;
    const oscillator = ctx.createOscillator();
    const gain = ctx.createGain();
    oscillator.type = 'sine';
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(volume * 0.35, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + lasts);
    oscillator.connect(gain).connect(ctx.destination);
    oscillator.start(start);
    oscillator.stop(start + lasts);
  }
}

/** An alert: quiet when muted, and a burst of messages is one tone. */
export function playAlert(tone: Tone) {
  const { muted, volume } = usePreferences.getState();
  const now = Date.now();
  if (muted || (tone === 'message' && now - lastPlayed < 1500)) return;
  lastPlayed = now;
  play(tone, volume);
}

/** The test button speaks even while muted: that is what it is for. */
export function testTone(tone: Tone) {
  unlockSound();
  void audio()
    .resume()
    .then(() => {
      play(tone, usePreferences.getState().volume);
    });
}
