/** What went wrong, in a sentence, with a way to try again where there is one. Nothing while nothing is wrong. */
import { t } from '../text.js';

export const Problem = ({ text, retry }: { text: string; retry?: (() => void) | undefined }) =>
  text === '' ? null : (
    <p className="error" role="alert">
      {text}
      {retry !== undefined && (
        <button type="button" className="link" onClick={retry}>
          {t('retry')}
        </button>
      )}
    </p>
  );
