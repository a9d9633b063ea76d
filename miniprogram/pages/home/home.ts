import { crisisLines } from '../../lib/crisis.js';
import { duty, followDuty, hours, leaveDuty } from '../../lib/duty.js';
import { go, goInstead } from '../../lib/go.js';
import { client, openConversation, session } from '../../lib/hotline.js';
import { clock, day } from '../../lib/format.js';
import { definePage } from '../../lib/page.js';
import { dutyView, type DutyView } from '../../lib/people.js';
import { start } from '../../lib/start.js';
import { own, t } from '../../lib/words.js';

const SHOWN = 4;

interface Data {
  phase: string;
  title: string;
  heading: string;
  reason: string;
  lines: { name: string; phone: string; note: string }[];
  faces: DutyView[];
  dutyWords: string;
  nobody: boolean;
  letter: boolean;
  facts: string[];
  busy: boolean;
  error: string;
  words: Record<string, string>;
}

const heading = {
  starting: t('starting'),
  ready: t('homeTitle'),
  unreachable: t('unreachable'),
  refused: t('refused'),
};

/** When visitors are received; nothing until it is known. */
function hoursWords(): string[] {
  const times = hours.getState();
  if (times === null) return [];
  const { open, opensAt, closesAt } = times;
  if (open) return [closesAt === null ? t('openAlways') : t('openUntil', { time: clock(closesAt) })];
  return [
    opensAt === null ? t('closedNow') : t('closedUntil', { time: `${day(opensAt)} ${clock(opensAt)}` }),
  ];
}

/** Of a conversation that is shown already: the page goes over to it once. */
let leaving = '';

definePage<
  Data,
  {
    start(): Promise<void>;
    counselors(): void;
    history(): void;
    intake(): void;
    letter(): void;
    onShow(): void;
    onHide(): void;
    onUnload(): void;
  }
>({
  data: {
    phase: 'starting',
    title: t('appName'),
    heading: t('starting'),
    reason: '',
    lines: [],
    faces: [],
    dutyWords: '…',
    nobody: false,
    letter: false,
    facts: [],
    busy: false,
    error: '',
    words: {
      intro: t('homeIntro'),
      start: t('start'),
      startHint: t('startHint'),
      onDuty: t('onDuty'),
      choose: t('chooseCounselor'),
      nobody: t('nobodyOnDuty'),
      crisis: t('crisisTitle'),
      history: t('history'),
      intake: own('intakeTitle'),
      letter: t('leaveTitle'),
    },
  },
  view() {
    const { phase, config, reason } = session.getState();
    const open = openConversation(client.getState());
    if (phase === 'ready' && open !== undefined && leaving !== open.id) {
      leaving = open.id;
      goInstead('chat');
    }
    const rows = duty.getState();
    const online = rows?.filter(({ state }) => state === 'online').length ?? 0;
    const minutes = Math.round((config?.limits.text ?? 0) / 60_000);
    return {
      phase,
      title: config?.institution.name ?? t('appName'),
      heading: heading[phase],
      reason: phase === 'refused' ? reason : phase === 'unreachable' ? t('unreachableHint') : '',
      lines: crisisLines(),
      faces: (rows ?? []).slice(0, SHOWN).map(dutyView),
      dutyWords: rows === null ? '…' : t('onDutyCount', { online, all: rows.length }),
      nobody: rows?.length === 0,
      letter: hours.getState()?.leaveMessage === true,
      facts: [
        ...hoursWords(),
        t('free'),
        t('confidential'),
        ...(minutes > 0 ? [t('textLimit', { minutes })] : []),
      ],
    };
  },
  methods: {
    onShow() {
      leaving = '';
      followDuty();
    },
    onHide: leaveDuty,
    onUnload: leaveDuty,
    async start() {
      if (this.data.busy) return;
      this.setData({ busy: true, error: '' });
      const error = await start();
      this.setData({ busy: false, error });
    },
    counselors() {
      go('counselors');
    },
    history() {
      go('history');
    },
    intake() {
      go('intake');
    },
    letter() {
      go('letter');
    },
  },
});
