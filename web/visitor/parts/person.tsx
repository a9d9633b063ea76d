/** A counselor in small: face or initial, and how they stand. */
import type { Presence } from '../../../contract/enums.js';
import type { UserCard } from '../../../contract/user.js';
import { t } from '../text.js';

export const nameOf = (person: UserCard | null) => person?.name ?? t('anonymousCounselor');

export const Face = ({ person, large = false }: { person: UserCard | null; large?: boolean }) => (
  <span className={large ? 'face large' : 'face'} aria-hidden="true">
    {person?.avatar != null && person.avatar !== '' ? (
      <img src={person.avatar} alt="" />
    ) : (
      [...nameOf(person)].slice(0, 1)
    )}
  </span>
);

export const State = ({ state }: { state: Presence }) => <span className={`state ${state}`}>{t(state)}</span>;
