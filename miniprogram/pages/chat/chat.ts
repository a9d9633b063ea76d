/** Waiting and talking are one page: what was written while waiting is simply there when somebody comes. */
import type { ConversationView } from '../../../contract/client.js';
import { readQuestions } from '../../lib/ask.js';
import { createRecorder, openAttachment, sendPicture } from '../../lib/attach.js';
import { chatHead, chatWords, createBanner, type ChatHead } from '../../lib/chat-view.js';
import { crisisLines } from '../../lib/crisis.js';
import { go, goInstead } from '../../lib/go.js';
import { client, openConversation, session } from '../../lib/hotline.js';
import { showMenu } from '../../lib/menu.js';
import { askForNotice, noticeTemplate } from '../../lib/notice.js';
import { definePage, refresh, type Happened } from '../../lib/page.js';
import { rowViews, type RowView } from '../../lib/rows.js';
import { timStore } from '../../lib/tim.js';
import { own, t } from '../../lib/words.js';

/** contract/message.ts, MAX_TEXT; a value import would bring the schema library along. */
const MAX_TEXT = 4000;
const NEARLY_FULL = 200;
/** How many lines are drawn, and how many more each time the reader goes up. */
const PAGE = 60;

interface Data extends ChatHead {
  id: string;
  rows: RowView[];
  banner: { state: string; words: string };
  tim: string;
  early: { id: string; text: string }[];
  olderWords: string;
  /** The id of the line to scroll to. */
  toView: string;
  draft: string;
  ready: boolean;
  count: string;
  over: boolean;
  quote: { seq: number; text: string } | null;
  recording: boolean;
  template: string;
  reminder: string;
  /** There are questions that may be answered while waiting. */
  askable: boolean;
  /** They must be answered before anything is written. */
  held: boolean;
  keyboard: number;
  ending: boolean;
  lines: ReturnType<typeof crisisLines>;
  words: Record<string, string>;
}

interface Page {
  view: ConversationView | undefined;
  shown: number;
  atBottom: boolean;
  newest: string;
  recorder: ReturnType<typeof createRecorder> | undefined;
  clock: ReturnType<typeof setInterval> | undefined;
}
/** There is one page of a conversation at a time. */
const page: Page = {
  view: undefined,
  shown: PAGE,
  atBottom: true,
  newest: '',
  recorder: undefined,
  clock: undefined,
};
let showBanner: (banner: Data['banner']) => void = () => undefined;
const banner = createBanner((next) => {
  showBanner(next);
});

definePage<
  Data,
  {
    onLoad(): void;
    onShow(): void;
    onHide(): void;
    onUnload(): void;
    write(event: Happened<{ value: string }>): void;
    blur(): void;
    send(): void;
    resend(event: Happened<{ clientMsgId: string }>): void;
    discard(event: Happened<{ clientMsgId: string }>): void;
    menu(event: Happened<{ row: RowView }>): void;
    press(event: Happened<{ row: RowView }>): void;
    unquote(): void;
    picture(): void;
    record(): void;
    cancelRecord(): void;
    remind(): Promise<void>;
    lookForQuestions(id: string): Promise<void>;
    ask(): void;
    scroll(event: Happened<{ scrollTop: number; scrollHeight: number }>): void;
    older(): void;
    bottom(): void;
    keyboardChange(event: Happened<{ height: number }>): void;
    askEnd(): void;
    stay(): void;
    noop(): void;
    end(): void;
  }
>({
  data: {
    id: '',
    rows: [],
    banner: { state: 'connected', words: '' },
    tim: '',
    early: [],
    olderWords: '',
    toView: '',
    draft: '',
    ready: false,
    count: '',
    over: false,
    quote: null,
    recording: false,
    template: '',
    reminder: '',
    askable: false,
    held: false,
    keyboard: 0,
    ending: false,
    lines: [],
    title: t('appName'),
    waiting: false,
    place: { position: '…', heading: '', words: '', wait: '', until: '' },
    timeLeft: '',
    cue: 'calm',
    typing: '',
    words: chatWords,
  },
  view() {
    const state = client.getState();
    const open = openConversation(state);
    if (open === undefined) {
      const ended = page.view?.id;
      if (session.getState().phase === 'ready') {
        // Over, or never there: on to its end, without a way back into it.
        page.view = undefined;
        goInstead(ended === undefined ? 'home' : 'ended', ended === undefined ? {} : { id: ended });
      }
      return {};
    }
    if (page.view?.id !== open.id) {
      client.load(open.id).catch(() => undefined);
      void this.lookForQuestions(open.id);
    }
    page.view = open;
    banner.told(state.connection);
    const rows = rowViews(
      open,
      {
        me: session.getState().me?.id ?? '',
        connection: state.connection,
        live: true,
        local: (clientMsgId) => {
          const body = client.fileOf(clientMsgId)?.body;
          return typeof body === 'string' ? body : '';
        },
      },
      page.shown,
    );
    const last = rows[rows.length - 1];
    const grown = last !== undefined && last.key !== page.newest;
    page.newest = last?.key ?? '';
    const follow = grown && (page.atBottom || last.side === 'own');
    if (page.atBottom && open.messages.length > 0) {
      client.markRead(open.id, open.messages[open.messages.length - 1]?.seq ?? 0);
    }
    for (const { quote } of open.messages.slice(-page.shown)) {
      if (quote !== undefined) {
        void client.lookUp(open.id, quote);
      }
    }
    const tim = timStore.getState();
    return {
      ...chatHead(open, state.clockOffset),
      id: open.id,
      rows,
      ...(follow ? { toView: last.id } : {}),
      olderWords: open.loadingOlder ? t('loadingOlder') : '',
      tim: tim.phase === 'fallback' ? t('timFallback') : '',
      early: tim.early
        .filter(({ conversationId }) => conversationId === open.id)
        .map(({ id, text }) => ({ id, text })),
      lines: crisisLines(),
    };
  },
  methods: {
    onLoad() {
      Object.assign(page, { view: undefined, shown: PAGE, atBottom: true, newest: '' });
      showBanner = (next) => {
        this.setData({ banner: next });
      };
      void noticeTemplate().then((template) => {
        this.setData({ template });
      });
    },
    onShow() {
      if (this.data.id !== '') void this.lookForQuestions(this.data.id);
      // The time left goes on by itself.
      page.clock = setInterval(() => {
        refresh(this);
      }, 5000);
    },
    onHide() {
      if (page.clock !== undefined) clearInterval(page.clock);
    },
    onUnload() {
      if (page.clock !== undefined) clearInterval(page.clock);
      banner.stop();
    },
    write({ detail: { value } }) {
      const left = MAX_TEXT - value.length;
      this.setData({
        draft: value,
        ready: value.trim() !== '' && left >= 0,
        over: left < 0,
        count:
          left >= NEARLY_FULL
            ? ''
            : left < 0
              ? t('tooLong', { count: -left })
              : t('charsLeft', { count: left }),
      });
      client.typing(this.data.id, value.trim() !== '');
    },
    blur() {
      client.typing(this.data.id, false);
    },
    send() {
      const { draft, ready, quote, id } = this.data;
      if (!ready) return;
      client.send(id, { kind: 'text', text: draft.trim(), ...(quote === null ? {} : { quote: quote.seq }) });
      client.typing(id, false);
      this.setData({ draft: '', ready: false, count: '', over: false, quote: null });
    },
    resend({ detail: { clientMsgId } }) {
      client.retry(clientMsgId);
    },
    discard({ detail: { clientMsgId } }) {
      client.discard(clientMsgId);
    },
    menu({ detail: { row } }) {
      showMenu(row, (quote) => {
        this.setData({ quote: { ...quote, text: own('quoting', { text: quote.text }) } });
      });
    },
    press({ detail: { row } }) {
      void openAttachment(row);
    },
    unquote() {
      this.setData({ quote: null });
    },
    picture() {
      sendPicture(this.data.id, this.data.quote?.seq);
      this.setData({ quote: null });
    },
    record() {
      page.recorder ??= createRecorder(
        () => page.view?.id ?? '',
        (recording) => {
          this.setData({ recording });
        },
      );
      if (this.data.recording) page.recorder.stop(true);
      else page.recorder.start();
    },
    cancelRecord() {
      page.recorder?.stop(false);
    },
    async remind() {
      const accepted = await askForNotice(this.data.template);
      this.setData({ reminder: own(accepted ? 'remindOn' : 'remindOff'), template: '' });
    },
    async lookForQuestions(id) {
      // Not known is not offered: nobody has to answer.
      const { questions, required } = await readQuestions(id).catch(() => ({
        questions: [],
        required: false,
      }));
      // Asked by itself, once; who comes back without an answer finds the button.
      if (required && !this.data.held) this.ask();
      this.setData({ askable: questions.length > 0, held: required });
    },
    ask() {
      go('ask', { id: this.data.id });
    },
    scroll({ detail: { scrollTop, scrollHeight } }) {
      const { windowHeight } = wx.getWindowInfo();
      // The list is never higher than the window, so this errs towards following.
      page.atBottom = scrollHeight - scrollTop <= windowHeight + 48;
    },
    older() {
      const { view } = page;
      if (view === undefined) return;
      if (view.rows.length > page.shown) {
        page.shown += PAGE;
        refresh(this);
      } else if (view.hasOlder && !view.loadingOlder) {
        page.shown += PAGE;
        client.older(view.id).catch(() => undefined);
      }
    },
    bottom() {
      page.atBottom = true;
      refresh(this);
    },
    keyboardChange({ detail: { height } }) {
      const last = this.data.rows[this.data.rows.length - 1];
      this.setData({ keyboard: height, ...(page.atBottom && last !== undefined ? { toView: last.id } : {}) });
    },
    askEnd() {
      this.setData({ ending: true });
    },
    stay() {
      this.setData({ ending: false });
    },
    noop: () => undefined,
    end() {
      this.setData({ ending: false });
      // Refused or lost: the conversation is still there, and the banner says why.
      client.end(this.data.id).catch(() => undefined);
    },
  },
});
