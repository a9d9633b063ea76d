/**
 * Everything that can be done from the keyboard, registered by whoever can do it. The key listener, the command
 * palette and the key sheet all read this one list, so none of them can promise what the others don't keep.
 */
import { useEffect } from 'react';
import { create } from 'zustand';

/** In the order in which palette and sheet show them. */
export const GROUPS = ['conversation', 'presence', 'go', 'view'] as const;
export type ActionGroup = (typeof GROUPS)[number];

/** `code` is KeyboardEvent.code, the place on the keyboard: an input method changes `key`, never `code`. */
export interface Keys {
  alt?: true;
  /** Ctrl, or Cmd on a Mac. */
  mod?: true;
  /** Shift counts, and the key is looked at by what it types: for '?'. */
  types?: string;
  code?: string;
}

export interface Action {
  id: string;
  group: ActionGroup;
  title: string;
  keys?: Keys;
  run: () => void;
  disabled?: boolean;
}

interface Registry {
  scopes: Record<string, Action[]>;
}

export const useRegistry = create<Registry>()(() => ({ scopes: {} }));

export const allActions = (): Action[] => Object.values(useRegistry.getState().scopes).flat();

/** Registers while the component is mounted; `actions` must be memoised. */
export function useActions(scope: string, actions: Action[]) {
  useEffect(() => {
    useRegistry.setState(({ scopes }) => ({ scopes: { ...scopes, [scope]: actions } }));
  }, [scope, actions]);
  useEffect(
    () => () => {
      useRegistry.setState(({ scopes }) => {
        const { [scope]: _gone, ...rest } = scopes;
        return { scopes: rest };
      });
    },
    [scope],
  );
}

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** How the keys are printed: ['Alt', 'J']. */
export function printed({ alt, mod, types, code }: Keys): string[] {
  const last = types ?? code?.replace(/^Key|^Digit/, '') ?? '';
  return [...(mod ? [isMac ? '⌘' : 'Ctrl'] : []), ...(alt ? [isMac ? '⌥' : 'Alt'] : []), last];
}

export const isEditable = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

function matches(event: KeyboardEvent, keys: Keys) {
  const mod = isMac ? event.metaKey : event.ctrlKey;
  if (keys.types !== undefined) {
    return event.key === keys.types && !event.altKey && !mod && !isEditable(event.target);
  }
  return (
    event.code === keys.code &&
    event.altKey === (keys.alt ?? false) &&
    mod === (keys.mod ?? false) &&
    !event.shiftKey
  );
}

/** The one listener. AltGr types letters on some keyboards and is never ours. */
export function listenForKeys() {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === 229 || event.getModifierState('AltGraph')) return;
    const action = allActions().find(({ keys }) => keys && matches(event, keys));
    if (!action) return;
    event.preventDefault();
    if (!action.disabled && !event.repeat) action.run();
  };
  addEventListener('keydown', onKeyDown);
  return () => {
    removeEventListener('keydown', onKeyDown);
  };
}
