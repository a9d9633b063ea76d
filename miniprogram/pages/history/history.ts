import type { Conversation } from '../../../contract/conversation.js';
import { clock, day } from '../../lib/format.js';
import { go } from '../../lib/go.js';
import { client, ownConversations, session } from '../../lib/hotline.js';
import { definePage, type Happened } from '../../lib/page.js';
import { faceOf, type Face } from '../../lib/people.js';
import { t } from '../../lib/words.js';

interface Line extends Face {
  key: string;
  heading: string;
  about: string;
  status: string;
  stars: string;
  rated: boolean;
}

interface Data {
  rows: Line[];
  asked: boolean;
  failed: boolean;
  words: Record<string, string>;
}

function lineOf(row: Conversation): Line {
  const label = session.getState().config?.conversationStatus[row.status] ?? row.status;
  const face = faceOf(row.counselor);
  const minutes =
    row.duration === null
      ? ''
      : ` · ${t('minutesLong', { minutes: Math.max(1, Math.round(row.duration / 60)) })}`;
  return {
    ...face,
    key: row.id,
    heading: row.counselor === null ? label : face.name,
    about: `${day(row.createdTime)} ${clock(row.createdTime)}${minutes}`,
    status: row.counselor === null ? '' : label,
    stars:
      row.startTime === null
        ? ''
        : row.level === null
          ? t('unrated')
          : `★ ${t('ratedStars', { count: row.level })}`,
    rated: row.level !== null,
  };
}

definePage<Data, { onShow(): void; load(): Promise<void>; open(event: Happened): void; erase(): void }>({
  data: {
    rows: [],
    asked: false,
    failed: false,
    words: {
      title: t('historyTitle'),
      empty: t('historyEmpty'),
      failed: t('loadFailed'),
      retry: t('retry'),
      erase: t('eraseLink'),
    },
  },
  methods: {
    onShow() {
      void this.load();
    },
    async load() {
      this.setData({ failed: false });
      try {
        const rows = await ownConversations();
        rows.forEach(client.adopt);
        this.setData({ rows: rows.map(lineOf), asked: true });
      } catch {
        this.setData({ failed: true });
      }
    },
    open({ currentTarget: { dataset } }) {
      go('transcript', { id: String(dataset['id']) });
    },
    erase() {
      go('erase');
    },
  },
});
