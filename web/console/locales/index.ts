/** i18n: Chinese is in the first bundle, English arrives only for those who ask for it. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { zhCN } from './zh-CN.js';
import { usePreferences } from '../state/preferences.js';

export type Language = 'zh-CN' | 'en';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof zhCN };
  }
}

export async function startI18n(language: Language) {
  await i18next.use(initReactI18next).init({
    lng: 'zh-CN',
    fallbackLng: 'zh-CN',
    resources: { 'zh-CN': { translation: zhCN } },
    // React escapes already.
    interpolation: { escapeValue: false },
  });
  await showLanguage(language);
}

export async function showLanguage(language: Language) {
  if (language === 'en' && !i18next.hasResourceBundle('en', 'translation')) {
    const { en } = await import('./en.js');
    i18next.addResourceBundle('en', 'translation', en);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** Chosen by a person: remembered. */
export async function chooseLanguage(language: Language) {
  usePreferences.getState().set({ language });
  await showLanguage(language);
}
