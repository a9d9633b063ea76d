/** What both pages share speaks the console's language. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { shareWords } from '../../shared/share-words.js';

export function useShareWords() {
  const { i18n } = useTranslation();
  return useMemo(() => shareWords(i18n.language), [i18n.language]);
}
