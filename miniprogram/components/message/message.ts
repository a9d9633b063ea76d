/** One line of a conversation. What a finger does with it is told to the page. */
import { files } from '../../lib/hotline.js';
import type { Happened } from '../../lib/page.js';
import type { RowView } from '../../lib/rows.js';
import { own, t } from '../../lib/words.js';

interface Self {
  data: { row: RowView; src: string };
  setData(part: { src?: string; failed?: boolean }): void;
  triggerEvent(name: string, detail: unknown): void;
  loadPicture(): void;
}

Component({
  options: { styleIsolation: 'apply-shared' },
  properties: { row: Object },
  data: {
    /** Path on the phone of a picture; '' while it is loading. */
    src: '',
    failed: false,
    words: {
      resend: t('resend'),
      discard: t('discard'),
      again: own('fileFailed'),
      open: own('open'),
    },
  },
  observers: {
    'row.attachment, row.local'(this: Self) {
      this.loadPicture();
    },
  },
  methods: {
    loadPicture(this: Self) {
      const { body, attachment, local } = this.data.row;
      if (body !== 'picture' || local !== '') {
        this.setData({ src: local, failed: false });
        return;
      }
      if (attachment === '') {
        return;
      }
      files.load(`/api/v1/attachments/${attachment}/thumb`).then(
        (src) => {
          this.setData({ src, failed: false });
        },
        () => {
          this.setData({ failed: true });
        },
      );
    },
    resend(this: Self) {
      this.triggerEvent('resend', { clientMsgId: this.data.row.clientMsgId });
    },
    discard(this: Self) {
      this.triggerEvent('discard', { clientMsgId: this.data.row.clientMsgId });
    },
    menu(this: Self) {
      const { messageId, body } = this.data.row;
      if (messageId !== '' && body !== 'recalled') {
        this.triggerEvent('menu', { row: this.data.row });
      }
    },
    press(this: Self, _event: Happened) {
      this.triggerEvent('press', { row: this.data.row });
    },
  },
} as never);
