import type { OwnOfflineMessage } from '../../../contract/offline-message.js';
import { crisisLines } from '../../lib/crisis.js';
import { newId } from '../../lib/device.js';
import { api } from '../../lib/hotline.js';
import { definePage, type Happened } from '../../lib/page.js';
import { hasConsented, wordsOfError } from '../../lib/start.js';
import { go } from '../../lib/go.js';
import { t } from '../../lib/words.js';

interface Data {
  text: string;
  contact: string;
  state: string;
  lines: ReturnType<typeof crisisLines>;
  busy: boolean;
  error: string;
  words: Record<string, string>;
}
const PATH = '/api/v1/me/offline-messages';
const STATES = { OPEN: 'leftOpen', TAKEN: 'leftTaken', DONE: 'leftDone' } as const;
/** The same until it is answered: sent twice it is one message. */
let clientMsgId = newId();

definePage<
  Data,
  {
    onShow(): void;
    read(): Promise<void>;
    write(event: Happened<{ value: string }>): void;
    send(): Promise<void>;
  }
>({
  data: {
    text: '',
    contact: '',
    state: '',
    lines: [],
    busy: false,
    error: '',
    words: {
      title: t('leaveTitle'),
      hint: t('leaveHint'),
      text: t('leaveText'),
      contact: t('leaveContact'),
      send: t('leaveSend'),
    },
  },
  view() {
    return { lines: crisisLines() };
  },
  methods: {
    onShow() {
      void this.read();
    },
    async read() {
      try {
        const [last] = await api.get<OwnOfflineMessage[]>(PATH);
        this.setData({ state: last === undefined ? '' : t(STATES[last.state]) });
      } catch {
        // What was left before is told the next time; writing does not wait for it.
      }
    },
    write({ detail: { value }, currentTarget: { dataset } }) {
      this.setData({ [dataset['field'] === 'contact' ? 'contact' : 'text']: value });
    },
    async send() {
      const text = this.data.text.trim();
      const contact = this.data.contact.trim();
      if (this.data.busy || text === '') return;
      if (!hasConsented()) {
        // What was written stays on this page meanwhile.
        go('consent', { back: '1' });
        return;
      }
      this.setData({ busy: true, error: '' });
      try {
        await api.post(PATH, { clientMsgId, text, ...(contact === '' ? {} : { contact }) });
        clientMsgId = newId();
        this.setData({ text: '', contact: '', busy: false });
        await this.read();
      } catch (error) {
        this.setData({ busy: false, error: wordsOfError(error) });
      }
    },
  },
});
