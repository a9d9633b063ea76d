/** What somebody who waits would like of a counselor; offered only where there is something to choose. */
import { useState } from 'react';
import type { Wish } from '../../../contract/wish.js';
import { api } from '../hotline.js';
import { useAction, useLoad } from '../parts/load.js';
import { QuestionSheet } from '../parts/question-sheet.js';
import { t } from '../text.js';

const KINDS = [
  ['skill', 'skills', 'wishSkill'],
  ['language', 'languages', 'wishLanguage'],
  ['gender', 'genders', 'wishGender'],
] as const;
/** No word of the lists: a skill may have any name but this. */
const ANY = 'any';
type Chosen = Pick<Wish, 'skill' | 'language' | 'gender'>;

export function WishButton({ conversation }: { conversation: string }) {
  const path = `/api/v1/conversations/${conversation}/wish`;
  const { value: wish, load } = useLoad(path, () => api.get<Wish>(path));
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const { busy, error, run } = useAction();
  if (wish === null || KINDS.every(([, all]) => wish[all].length === 0)) {
    return null;
  }
  const { skill, language, gender } = wish;
  const words = [skill, language, gender].filter((word) => word !== null);
  const close = () => {
    setChosen(null);
  };
  return (
    <>
      <button
        type="button"
        className="button small"
        data-testid="wish-open"
        onClick={() => {
          setChosen({ skill, language, gender });
        }}
      >
        {words.length === 0 ? t('wishOpen') : t('wishIs', { words: words.join('、') })}
      </button>
      {chosen !== null && (
        <QuestionSheet
          name="wish"
          title={t('wishTitle')}
          hint={t('wishHint')}
          send={t('wishSend')}
          questions={KINDS.filter(([, all]) => wish[all].length > 0).map(([one, all, label]) => ({
            id: one,
            text: t(label),
            options: [
              { id: ANY, text: t('wishAny') },
              ...wish[all].map((word) => ({ id: word, text: word })),
            ],
          }))}
          answers={{
            skill: chosen.skill ?? ANY,
            language: chosen.language ?? ANY,
            gender: chosen.gender ?? ANY,
          }}
          disabled={busy}
          error={error}
          onAnswer={(kind, word) => {
            setChosen({ ...chosen, [kind]: word === ANY ? null : word });
          }}
          onClose={close}
          onSend={() =>
            void run(async () => {
              await api.put(path, chosen);
              close();
              load();
            })
          }
        />
      )}
    </>
  );
}
