/**
 * To which institution a person belongs. A consultant who registered alone belongs to none: each such person is
 * stored under a code of their own, so that every rule that compares institutions keeps them apart from everybody,
 * each other included, and their sealed fields have a key of their own. On the wire that code is ''.
 */
const ALONE = 'alone:';

export const aloneCode = (userID: number): string => `${ALONE}${String(userID)}`;

export const isAlone = (institution: string): boolean => institution.startsWith(ALONE);

/** `institutionCode` as printed: '' for somebody of no institution. */
export const shownInstitution = (institution: string): string => (isAlone(institution) ? '' : institution);
