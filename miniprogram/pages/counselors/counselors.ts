import { duty, followDuty, leaveDuty } from '../../lib/duty.js';
import { definePage, type Happened } from '../../lib/page.js';
import { dutyView, type DutyView } from '../../lib/people.js';
import { start } from '../../lib/start.js';
import { t } from '../../lib/words.js';

interface Data {
  rows: DutyView[];
  none: boolean;
  chosen: DutyView | null;
  busy: boolean;
  error: string;
  words: Record<string, string>;
}

definePage<
  Data,
  {
    onShow(): void;
    onHide(): void;
    onUnload(): void;
    choose(event: Happened): void;
    close(): void;
    stay(): void;
    ask(): Promise<void>;
  }
>({
  data: {
    rows: [],
    none: false,
    chosen: null,
    busy: false,
    error: '',
    words: { title: t('chooseCounselor'), none: t('counselorsEmpty'), close: t('close') },
  },
  view() {
    const rows = duty.getState();
    return { rows: (rows ?? []).map(dutyView), none: rows?.length === 0 };
  },
  methods: {
    onShow: followDuty,
    onHide: leaveDuty,
    onUnload: leaveDuty,
    choose({ currentTarget: { dataset } }) {
      this.setData({ chosen: this.data.rows.find(({ key }) => key === dataset['id']) ?? null });
    },
    close() {
      this.setData({ chosen: null });
    },
    stay: () => undefined,
    async ask() {
      const { chosen, busy } = this.data;
      if (chosen === null || busy) return;
      this.setData({ busy: true, error: '' });
      const error = await start(chosen.key);
      this.setData({ busy: false, error, chosen: null });
    },
  },
});
