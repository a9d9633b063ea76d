import { useState } from 'react';
import { api } from '../hotline.js';
import { Icon } from '../parts/icons.js';
import { useAction } from '../parts/load.js';
import { Problem } from '../parts/problem.js';
import { t } from '../text.js';

const STARS = [1, 2, 3, 4, 5] as const;
const WORDS = ['rate1', 'rate2', 'rate3', 'rate4', 'rate5'] as const;
const TAGS = [
  'tagListened',
  'tagUnderstood',
  'tagCalmer',
  'tagIdeas',
  'tagHurried',
  'tagNotUnderstood',
] as const;

export function Rating({ id, onDone }: { id: string; onDone: () => void }) {
  const [level, setLevel] = useState(0);
  const [tags, setTags] = useState<readonly string[]>([]);
  const [content, setContent] = useState('');
  const { busy, error, run } = useAction();

  const submit = () =>
    run(async () => {
      await api.put('/evaluate', {
        conversationId: id,
        objectType: 'CONVERSATION',
        level,
        ...(content.trim() === '' ? {} : { content: content.trim() }),
        ...(tags.length === 0 ? {} : { tags }),
      });
      onDone();
    });

  return (
    <form
      className="card rating"
      data-testid="rating"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h2 className="card-title">{t('rateTitle')}</h2>
      <fieldset className="stars">
        <legend className="hidden">{t('rateStars')}</legend>
        {STARS.map((star) => (
          <label key={star} className={star <= level ? 'star on' : 'star'}>
            <input
              type="radio"
              name="level"
              value={star}
              checked={star === level}
              aria-label={t('rateStar', { count: star })}
              data-testid={`star-${String(star)}`}
              onChange={() => {
                setLevel(star);
              }}
            />
            <Icon name="star" filled={star <= level} />
          </label>
        ))}
      </fieldset>
      <p className="star-word" role="status">
        {WORDS[level - 1] === undefined ? '' : t(WORDS[level - 1] ?? 'rate3')}
      </p>
      {level > 0 && (
        <>
          <fieldset className="tags">
            <legend>{t('rateTags')}</legend>
            {TAGS.map((tag) => {
              const label = t(tag);
              const on = tags.includes(label);
              return (
                <button
                  key={tag}
                  type="button"
                  className={on ? 'tag on' : 'tag'}
                  aria-pressed={on}
                  data-testid={tag}
                  onClick={() => {
                    setTags(on ? tags.filter((other) => other !== label) : [...tags, label]);
                  }}
                >
                  {label}
                </button>
              );
            })}
          </fieldset>
          <label className="field">
            <span>{t('rateWords')}</span>
            <textarea
              rows={3}
              maxLength={1000}
              value={content}
              data-testid="rating-words"
              onInput={(event) => {
                setContent(event.currentTarget.value);
              }}
            />
          </label>
          <button type="submit" className="button primary" data-testid="rating-submit" disabled={busy}>
            {t('rateSubmit')}
          </button>
        </>
      )}
      <Problem text={error} />
    </form>
  );
}
