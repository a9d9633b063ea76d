/** What the conversation's page shows, from what the client holds. */
import type { ClientState, ConversationView } from '../../contract/client.js';
import { clock } from './format.js';
import { nameOf } from './people.js';
import { own, t } from './words.js';

export interface ChatHead {
  title: string;
  waiting: boolean;
  place: { position: string; heading: string; words: string; wait: string; until: string };
  timeLeft: string;
  /** calm, near (10 minutes), soon (5) or last (1). */
  cue: string;
  typing: string;
}

const cueOf = (minutes: number) =>
  minutes <= 1 ? 'last' : minutes <= 5 ? 'soon' : minutes <= 10 ? 'near' : 'calm';

/** A number of seconds is a promise that nobody can keep; a range is honest. */
function expected(wait: number | null, least: number | null): string {
  if (wait === null) {
    return '';
  }
  if (wait <= 120) {
    return t('expectedSoon');
  }
  return t('expectedWait', { from: Math.max(1, Math.floor((least ?? 0) / 60)), to: Math.ceil(wait / 60) });
}

export function chatHead(view: ConversationView, clockOffset: number): ChatHead {
  const { conversation, place, typing } = view;
  const waiting = conversation?.status === 'WAITING';
  const name = nameOf(conversation?.counselor ?? null);
  const position = place?.position ?? conversation?.position ?? null;
  const asked = conversation?.requestedCounselor ?? null;
  const limit = conversation?.limitTime ?? null;
  const minutes = limit === null ? null : Math.max(0, (limit - Date.now() - clockOffset) / 60_000);
  const deadline = conversation?.waitDeadline ?? null;
  return {
    title: waiting ? t('appName') : name,
    waiting,
    place: {
      position: position === null ? '…' : String(position),
      heading: asked === null ? t('waitingTitle') : t('waitingFor', { name: nameOf(asked) }),
      words: position === null ? '' : position <= 1 ? t('next') : t('ahead', { count: position - 1 }),
      wait: expected(
        place?.wait ?? conversation?.wait ?? null,
        place?.waitLeast ?? conversation?.waitLeast ?? null,
      ),
      until: deadline === null ? '' : t('waitingUntil', { time: clock(deadline) }),
    },
    timeLeft:
      minutes === null
        ? ''
        : minutes < 1
          ? t('timeLeftSoon')
          : t('timeLeft', { minutes: Math.ceil(minutes) }),
    cue: minutes === null ? 'calm' : cueOf(minutes),
    typing: typing.length > 0 ? t('typing', { name }) : '',
  };
}

const WORDS: Record<ClientState['connection'], string> = {
  connected: '',
  reconnecting: t('reconnecting'),
  http: t('httpBanner'),
  offline: t('offlineBanner'),
};
/** A hiccup shorter than this is nobody's business, in milliseconds. */
const PATIENCE = 1500;

/** How the connection stands, in words, once it has not stood well for a moment. */
export function createBanner(show: (banner: { state: string; words: string }) => void) {
  let current: ClientState['connection'] = 'connected';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    if (timer !== undefined) {
      clearTimeout(timer);
      timer = undefined;
    }
  };
  return {
    told(connection: ClientState['connection']) {
      if (connection === current) {
        return;
      }
      current = connection;
      stop();
      timer = setTimeout(
        () => {
          show({ state: connection, words: WORDS[connection] });
        },
        connection === 'connected' ? 0 : PATIENCE,
      );
    },
    stop,
  };
}

/** What the page says that never changes. */
export const chatWords: Record<string, string> = {
  log: t('chatLog'),
  label: t('composerLabel'),
  placeholder: t('composerPlaceholder'),
  placeholderWaiting: t('composerWaiting'),
  send: t('send'),
  picture: own('picture'),
  voice: own('voice'),
  recording: own('recording'),
  recordCancel: own('recordCancel'),
  unquote: own('cancelQuote'),
  ask: own('askOpen'),
  first: t('intakeFirst'),
  serving: t('counselorServing'),
  endChat: t('endChat'),
  waitingHint: t('waitingHint'),
  breathe: t('breathe'),
  leaveQueue: t('leaveQueue'),
  remind: own('remindMe'),
  endTitle: t('endTitle'),
  endText: t('endText'),
  endConfirm: t('endConfirm'),
  endCancel: t('endCancel'),
  leaveTitle: t('leaveQueueTitle'),
  leaveText: t('leaveQueueText'),
  leaveConfirm: t('leaveQueueConfirm'),
  keepWaiting: t('keepWaiting'),
  early: t('timEarly'),
  toBottom: t('toBottom'),
};
