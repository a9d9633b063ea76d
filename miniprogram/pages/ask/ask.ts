import { readQuestions, sendAnswers, type Question } from '../../lib/ask.js';
import { goBack } from '../../lib/go.js';
import { definePage, type Happened } from '../../lib/page.js';
import { wordsOfError } from '../../lib/start.js';
import { own, t } from '../../lib/words.js';

interface Data {
  id: string;
  questions: Question[];
  required: boolean;
  busy: boolean;
  error: string;
  words: Record<string, string>;
}

definePage<
  Data,
  {
    onLoad(query: { id?: string }): Promise<void>;
    choose(event: Happened): void;
    send(): Promise<void>;
    later(): void;
  }
>({
  data: {
    id: '',
    questions: [],
    required: false,
    busy: true,
    error: '',
    words: {
      title: own('askTitle'),
      hint: t('intakeHint'),
      hintRequired: t('intakeHintRequired'),
      wishHint: t('wishHint'),
      send: t('intakeSend'),
      later: t('intakeLater'),
    },
  },
  methods: {
    async onLoad({ id = '' }) {
      try {
        const { questions, required } = await readQuestions(id);
        this.setData({ id, questions, required, busy: false });
      } catch (error) {
        this.setData({ error: wordsOfError(error) });
      }
    },
    choose({ currentTarget: { dataset } }) {
      this.setData({
        [`questions[${String(dataset['index'])}].chosen`]: String(dataset['option']),
      });
    },
    async send() {
      if (this.data.busy) return;
      this.setData({ busy: true, error: '' });
      try {
        await sendAnswers(this.data.id, this.data.questions);
        goBack();
      } catch (error) {
        this.setData({ busy: false, error: wordsOfError(error) });
      }
    },
    later: goBack,
  },
});
