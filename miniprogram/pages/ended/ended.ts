/** After a conversation: first a quiet word, then, if one likes, a rating. */
import { endedWords } from '../../../contract/client/ended.js';
import { crisisLines } from '../../lib/crisis.js';
import { go, goInstead } from '../../lib/go.js';
import { client, ownConversations } from '../../lib/hotline.js';
import { definePage } from '../../lib/page.js';
import { t } from '../../lib/words.js';

interface Data {
  id: string;
  title: string;
  heading: string;
  text: string;
  unserved: boolean;
  mayRate: boolean;
  rated: boolean;
  lines: ReturnType<typeof crisisLines>;
  words: Record<string, string>;
}

definePage<Data, { onLoad(query: { id?: string }): void; done(): void; home(): void; transcript(): void }>({
  data: {
    id: '',
    title: t('appName'),
    heading: t('endedThanks'),
    text: '',
    unserved: false,
    mayRate: false,
    rated: false,
    lines: [],
    words: {
      crisis: t('crisisTitle'),
      thanks: t('rateThanks'),
      home: t('backHome'),
      transcript: t('seeTranscript'),
    },
  },
  view() {
    const conversation = client.getState().conversations[this.data.id]?.conversation ?? null;
    if (conversation === null) {
      return {};
    }
    const unserved = conversation.startTime === null;
    const nobody = conversation.status === 'EXPIRED';
    return {
      heading: nobody ? t('endedNobodyTitle') : unserved ? t('endedLeft') : t('endedThanks'),
      text: nobody
        ? t('endedNobody')
        : unserved
          ? ''
          : endedWords(conversation)
              .map((word) => t(word))
              .join('\n'),
      unserved,
      mayRate: !unserved && conversation.level === null && !this.data.rated,
      lines: crisisLines(),
    };
  },
  methods: {
    onLoad({ id = '' }) {
      this.setData({ id });
      if (client.getState().conversations[id] === undefined) {
        // Opened by a notice or after a restart.
        ownConversations().then(
          (rows) => {
            rows.forEach(client.adopt);
          },
          () => undefined,
        );
      }
    },
    done() {
      this.setData({ rated: true, mayRate: false });
      // The stars are no push; the history shall show them all the same.
      client.sync([this.data.id]).catch(() => undefined);
    },
    home() {
      goInstead('home');
    },
    transcript() {
      go('transcript', { id: this.data.id });
    },
  },
});
