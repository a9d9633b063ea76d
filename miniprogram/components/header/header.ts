/** The top of every page: where one is, help in an emergency, and a way out that leaves no trace. */
import { crisisLines } from '../../lib/crisis.js';
import { goBack } from '../../lib/go.js';
import { leaveAtOnce } from '../../lib/leave.js';
import { defineComponent } from '../../lib/page.js';
import { t } from '../../lib/words.js';

/** Room for the status bar above and for WeChat's own capsule on the right, in px. */
function room(): { top: number; right: number } {
  try {
    const { statusBarHeight, windowWidth } = wx.getWindowInfo();
    const { left } = wx.getMenuButtonBoundingClientRect();
    return { top: statusBarHeight, right: left > 0 ? windowWidth - left + 8 : 104 };
  } catch {
    return { top: 24, right: 104 };
  }
}

defineComponent<
  { title: string; back: boolean },
  {
    top: number;
    right: number;
    open: boolean;
    lines: ReturnType<typeof crisisLines>;
    words: Record<string, string>;
  },
  { help(): void; close(): void; leave(): void; goBack(): void; stay(): void }
>({
  properties: { title: String, back: Boolean },
  data: {
    top: 24,
    right: 104,
    open: false,
    lines: [],
    words: {
      emergency: t('emergency'),
      leave: t('quickExit'),
      back: t('back'),
      close: t('close'),
      title: t('crisisTitle'),
      hint: t('crisisHint'),
    },
  },
  attached() {
    this.setData(room());
  },
  methods: {
    help() {
      this.setData({ open: true, lines: crisisLines() });
    },
    close() {
      this.setData({ open: false });
    },
    /** A tap on the card is not a tap beside it. */
    stay: () => undefined,
    leave: leaveAtOnce,
    goBack,
  },
});
