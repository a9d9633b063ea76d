import type { Call } from '../../models/conversation.js';

/** Called, neither there nor gone, and no device of theirs has told them; that others were called meanwhile changes nothing. */
export const isUnheard = ({ state, reachedAt, leftAt }: Call): boolean =>
  (state === 'CALLED' || state === 'ESCALATED') && reachedAt === null && leftAt === null;
