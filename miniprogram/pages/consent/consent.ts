import { goBack, goInstead } from '../../lib/go.js';
import { api, openWith, session } from '../../lib/hotline.js';
import { definePage, type Happened } from '../../lib/page.js';
import { agree, wordsOfError } from '../../lib/start.js';
import { t } from '../../lib/words.js';

interface Data {
  counselor: string;
  /** Only to agree: whatever asked for it goes on by itself. */
  back: boolean;
  nodes: unknown;
  version: string;
  name: string;
  research: boolean;
  busy: boolean;
  error: string;
  words: Record<string, string>;
}

definePage<
  Data,
  {
    onLoad(query: { counselor?: string; back?: string }): void;
    write(event: Happened<{ value: string }>): void;
    choose(): void;
    decline(): void;
    agree(): Promise<void>;
  }
>({
  data: {
    counselor: '',
    back: false,
    nodes: [],
    version: '',
    name: '',
    research: false,
    busy: false,
    error: '',
    words: {
      title: t('consentTitle'),
      name: t('consentName'),
      hint: t('consentNameHint'),
      research: t('consentResearch'),
      researchHint: t('consentResearchHint'),
      agree: t('consentAgree'),
      decline: t('consentDecline'),
    },
  },
  view() {
    const { config } = session.getState();
    return {
      nodes: config?.information ?? [],
      version: t('consentVersion', { version: config?.consent.version ?? '' }),
    };
  },
  methods: {
    onLoad({ counselor = '', back = '' }) {
      this.setData({ counselor, back: back !== '' });
    },
    write({ detail: { value } }) {
      this.data.name = value;
    },
    choose() {
      this.setData({ research: !this.data.research });
    },
    decline: goBack,
    async agree() {
      if (this.data.busy) return;
      this.setData({ busy: true, error: '' });
      const { research, counselor, back } = this.data;
      const name = this.data.name.trim();
      try {
        await agree(research);
        if (name !== '') {
          const blank = { phoneNumber: '', emergencyContact: '', emergencyPhone: '' };
          await api.post('/user/update', { name, ...blank });
        }
        if (back) {
          goBack();
          return;
        }
        await openWith(counselor === '' ? undefined : counselor);
        goInstead('chat');
      } catch (error) {
        this.setData({ busy: false, error: wordsOfError(error) });
      }
    },
  },
});
