import { openAttachment } from '../../lib/attach.js';
import { go } from '../../lib/go.js';
import { client, ownConversations, session } from '../../lib/hotline.js';
import { definePage, refresh, type Happened } from '../../lib/page.js';
import { rowViews, type RowView } from '../../lib/rows.js';
import { t } from '../../lib/words.js';

const PAGE = 60;

interface Data {
  id: string;
  shown: number;
  rows: RowView[];
  toView: string;
  failed: boolean;
  mayRate: boolean;
  words: Record<string, string>;
}

definePage<
  Data,
  {
    onLoad(query: { id?: string }): void;
    load(): Promise<void>;
    older(): void;
    press(event: Happened<{ row: RowView }>): void;
    rate(): void;
  }
>({
  data: {
    id: '',
    shown: PAGE,
    rows: [],
    toView: '',
    failed: false,
    mayRate: false,
    words: {
      title: t('transcriptTitle'),
      log: t('chatLog'),
      failed: t('loadFailed'),
      retry: t('retry'),
      rate: t('rateNow'),
    },
  },
  view() {
    const found = client.getState().conversations[this.data.id];
    if (found === undefined) {
      return {};
    }
    const around = {
      me: session.getState().me?.id ?? '',
      connection: 'connected',
      live: false,
      local: () => '',
    } as const;
    const rows = rowViews(found, around, this.data.shown);
    const { conversation } = found;
    return {
      rows,
      ...(this.data.rows.length === 0 && rows.length > 0 ? { toView: rows[rows.length - 1]?.id ?? '' } : {}),
      mayRate: conversation !== null && conversation.startTime !== null && conversation.level === null,
    };
  },
  methods: {
    onLoad({ id = '' }) {
      this.setData({ id });
      void this.load();
    },
    async load() {
      const { id } = this.data;
      this.setData({ failed: false });
      try {
        if (client.getState().conversations[id]?.conversation == null) {
          (await ownConversations()).forEach(client.adopt);
        }
        await client.load(id);
        refresh(this);
      } catch {
        this.setData({ failed: true });
      }
    },
    older() {
      const found = client.getState().conversations[this.data.id];
      if (found === undefined) return;
      const inMemory = found.rows.length > this.data.shown;
      this.setData({ shown: this.data.shown + PAGE });
      if (inMemory) refresh(this);
      else client.older(this.data.id).catch(() => undefined);
    },
    press({ detail: { row } }) {
      void openAttachment(row);
    },
    rate() {
      go('ended', { id: this.data.id });
    },
  },
});
