import type { OwnErasureRequest } from '../../../contract/erasure-request.js';
import { t } from '../../../web/visitor/erase/text.js';
import { clock, day } from '../../lib/format.js';
import { api } from '../../lib/hotline.js';
import { definePage } from '../../lib/page.js';
import { wordsOfError } from '../../lib/start.js';

interface Data {
  state: OwnErasureRequest['state'] | '';
  standing: string[];
  asking: boolean;
  busy: boolean;
  error: string;
  goes: string[];
  stays: string[];
  words: Record<string, string>;
}
const PATH = '/api/v1/me/erasure-request';
const at = (time: number | null) => ({ time: time === null ? '' : `${day(time)} ${clock(time)}` });

/** Where it stands, in sentences; none while nothing is asked for. */
function standingOf({ state, askedTime, settledTime, reason, reference }: OwnErasureRequest): string[] {
  if (state === 'ASKED') return [t('asked', at(askedTime))];
  if (state !== 'REFUSED') return [];
  return [
    t('refused', at(settledTime)),
    ...(reason === null ? [] : [t(reason)]),
    t('refusedReference', { reference: reference ?? '' }),
  ];
}

definePage<
  Data,
  {
    onShow(): void;
    carryOut(step: () => Promise<unknown>): Promise<void>;
    ask(): void;
    keep(): void;
    noop(): void;
    confirm(): Promise<void>;
    withdraw(): Promise<void>;
  }
>({
  data: {
    state: '',
    standing: [],
    asking: false,
    busy: false,
    error: '',
    goes: [t('goesTalks'), t('goesRecords'), t('goesYou')],
    stays: [t('staysCounts'), t('staysReceipt'), t('staysBookings'), t('staysLaw')],
    words: {
      title: t('title'),
      intro: t('intro'),
      goes: t('goes'),
      goesHow: t('goesHow'),
      stays: t('stays'),
      time: t('time'),
      timeText: t('timeText'),
      after: t('after'),
      ask: t('ask'),
      askAgain: t('askAgain'),
      withdraw: t('withdraw'),
      askTitle: t('askTitle'),
      askText: t('askText'),
      askYes: t('askYes'),
      askNo: t('askNo'),
    },
  },
  methods: {
    onShow() {
      void this.carryOut(() => Promise.resolve());
    },
    async carryOut(step) {
      this.setData({ busy: true, error: '' });
      try {
        await step();
        const request = await api.get<OwnErasureRequest>(PATH);
        this.setData({ state: request.state, standing: standingOf(request) });
      } catch (error) {
        this.setData({ error: wordsOfError(error) });
      }
      this.setData({ busy: false });
    },
    ask() {
      this.setData({ asking: true });
    },
    keep() {
      this.setData({ asking: false });
    },
    noop: () => undefined,
    confirm() {
      this.setData({ asking: false });
      // Where it stands is said at the top.
      void wx.pageScrollTo({ scrollTop: 0 });
      return this.carryOut(() => api.post(PATH, {}));
    },
    withdraw() {
      return this.carryOut(() => api.delete(PATH));
    },
  },
});
