/** The actions that are there on every page, the key listener, the palette and the key sheet. */
import { useEffect, useMemo, useState } from 'react';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import { PRESENCES } from '../../../contract/enums.js';
import { logOut } from '../api/session.js';
import { CommandPalette } from '../keys/palette.js';
import { listenForKeys, useActions, type Action } from '../keys/registry.js';
import { KeySheet } from '../keys/sheet.js';
import { useDuty, useSetPresence } from '../live/duty.js';
import { chooseLanguage, type Language } from '../locales/index.js';
import { usePreferences } from '../state/preferences.js';
import { isCounselor, useMe } from '../state/session.js';
import { sentenceOf } from '../ui/problem.js';
import { go } from '../ui/route.js';
import { testTone } from '../ui/sound.js';
import { pagesOf } from './rail.js';
import { THEMES } from './top-bar.js';

const LANGUAGES: Language[] = ['zh-CN', 'en'];

export function ShellKeys() {
  const { t } = useTranslation();
  const me = useMe();
  const duty = useDuty();
  const { message } = App.useApp();
  const { mutate: setPresence } = useSetPresence();
  const { muted, set } = usePreferences();
  const [open, setOpen] = useState<'palette' | 'sheet' | null>(null);
  useEffect(listenForKeys, []);

  const actions = useMemo<Action[]>(
    () => [
      {
        id: 'view.palette',
        group: 'view',
        title: t('keys.palette'),
        keys: { mod: true, code: 'KeyK' },
        run: () => {
          setOpen((now) => (now === 'palette' ? null : 'palette'));
        },
      },
      {
        id: 'view.keys',
        group: 'view',
        title: t('keys.sheet'),
        keys: { types: '?' },
        run: () => {
          setOpen('sheet');
        },
      },
      ...pagesOf(me).map((page): Action => ({
        id: `go.${page}`,
        group: 'go',
        title: t('keys.goTo', { page: t(`nav.${page}`) }),
        run: () => {
          go(page);
        },
      })),
      ...(isCounselor(me) ? PRESENCES : []).map((state): Action => ({
        id: `presence.${state}`,
        group: 'presence',
        title: t('keys.presenceTo', { state: t(`presence.${state}`) }),
        disabled: duty?.state === state,
        run: () => {
          setPresence(state, {
            onError: (error) => void message.error(sentenceOf(error, t('presence.failed'))),
          });
        },
      })),
      {
        id: 'view.mute',
        group: 'view',
        title: muted ? t('sound.unmute') : t('sound.mute'),
        run: () => {
          set({ muted: !muted });
        },
      },
      {
        id: 'view.sound-test',
        group: 'view',
        title: t('sound.testAssigned'),
        run: () => {
          testTone('assigned');
        },
      },
      ...THEMES.map((theme): Action => ({
        id: `view.theme-${theme}`,
        group: 'view',
        title: t('keys.themeTo', { theme: t(`theme.${theme}`) }),
        run: () => {
          set({ theme });
        },
      })),
      ...LANGUAGES.map((language): Action => ({
        id: `view.language-${language}`,
        group: 'view',
        title: t('keys.languageTo', { language: t(`language.${language}`) }),
        run: () => void chooseLanguage(language),
      })),
      {
        id: 'go.logout',
        group: 'go',
        title: t('user.logout'),
        run: () => {
          logOut().catch(() => message.error(t('user.logoutFailed')));
        },
      },
    ],
    [t, me, duty?.state, message, setPresence, muted, set],
  );
  useActions('shell', actions);

  const close = () => {
    setOpen(null);
  };
  return (
    <>
      <CommandPalette open={open === 'palette'} close={close} />
      <KeySheet open={open === 'sheet'} close={close} />
    </>
  );
}
