/** A counselor in small, as data of a page. */
import type { DutyRow } from '../../contract/arrange.js';
import type { UserCard } from '../../contract/user.js';
import { t } from '../../web/visitor/text.js';
import { settings } from './settings.js';

export const nameOf = (person: UserCard | null) => person?.name ?? t('anonymousCounselor');

export interface Face {
  name: string;
  initial: string;
  /** '' = none. */
  avatar: string;
}

/** Our own addresses come without a host. */
const address = (path: string) => (path.startsWith('/') ? settings.server + path : path);

export function faceOf(person: UserCard | null): Face {
  const name = nameOf(person);
  return { name, initial: [...name][0] ?? '', avatar: person?.avatar ? address(person.avatar) : '' };
}

export const isFree = (row: DutyRow) => row.state === 'online' && row.activeCount < row.maxConsults;

export interface DutyView extends Face {
  key: string;
  state: string;
  stateWords: string;
  about: string;
  /** '' = nothing to say. */
  standing: string;
  free: boolean;
  facts: { label: string; value: string }[];
  note: string;
  askFor: string;
}

export function dutyView(row: DutyRow): DutyView {
  const { user, state, waiting } = row;
  const face = faceOf(user);
  const free = isFree(row) && waiting === 0;
  const away = state === 'offline' || state === 'away';
  return {
    ...face,
    key: user.id,
    state,
    stateWords: t(state),
    about: [user.title, user.department].filter(Boolean).join(' · '),
    standing: free ? t('freeNow') : waiting > 0 ? t('waitingCount', { count: waiting }) : '',
    free,
    facts: [
      { label: t('department'), value: user.department ?? '' },
      { label: t('qualification'), value: user.qualification ?? '' },
    ].filter(({ value }) => value !== ''),
    note: away
      ? t('askForOffline', { name: face.name })
      : isFree(row)
        ? ''
        : t('askForFull', { name: face.name }),
    askFor: t('askFor', { name: face.name }),
  };
}
