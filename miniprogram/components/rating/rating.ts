/** Stars first; the rest only appears once somebody wants to say something. */
import { api } from '../../lib/hotline.js';
import { defineComponent, type Happened } from '../../lib/page.js';
import { wordsOfError } from '../../lib/start.js';
import { t } from '../../lib/words.js';

const STARS = [1, 2, 3, 4, 5];
const WORDS = ['', t('rate1'), t('rate2'), t('rate3'), t('rate4'), t('rate5')];
const TAGS = [
  t('tagListened'),
  t('tagUnderstood'),
  t('tagCalmer'),
  t('tagIdeas'),
  t('tagHurried'),
  t('tagNotUnderstood'),
];

interface Data {
  level: number;
  starWords: string;
  stars: { star: number; label: string }[];
  tags: { name: string; on: boolean }[];
  content: string;
  busy: boolean;
  error: string;
  words: Record<string, string>;
}

interface Methods extends Record<string, (...args: never[]) => unknown> {
  choose(event: Happened): void;
  toggle(event: Happened): void;
  write(event: Happened<{ value: string }>): void;
  submit(): Promise<void>;
}

defineComponent<{ conversation: string }, Data, Methods>({
  properties: { conversation: String },
  data: {
    level: 0,
    starWords: '',
    stars: STARS.map((star) => ({ star, label: t('rateStar', { count: star }) })),
    tags: TAGS.map((name) => ({ name, on: false })),
    content: '',
    busy: false,
    error: '',
    words: { title: t('rateTitle'), tags: t('rateTags'), words: t('rateWords'), submit: t('rateSubmit') },
  },
  methods: {
    choose({ currentTarget: { dataset } }) {
      const level = Number(dataset['star']);
      this.setData({ level, starWords: WORDS[level] ?? '' });
    },
    toggle({ currentTarget: { dataset } }) {
      const at = Number(dataset['at']);
      this.setData({ [`tags[${String(at)}].on`]: this.data.tags[at]?.on !== true });
    },
    write({ detail: { value } }) {
      this.data.content = value;
    },
    async submit() {
      const { level, tags, content } = this.data;
      const chosen = tags.filter(({ on }) => on).map(({ name }) => name);
      this.setData({ busy: true, error: '' });
      try {
        await api.put('/evaluate', {
          conversationId: this.data.conversation,
          objectType: 'CONVERSATION',
          level,
          ...(content.trim() === '' ? {} : { content: content.trim() }),
          ...(chosen.length === 0 ? {} : { tags: chosen }),
        });
        this.triggerEvent('done');
      } catch (error) {
        this.setData({ busy: false, error: wordsOfError(error) });
      }
    },
  },
});
