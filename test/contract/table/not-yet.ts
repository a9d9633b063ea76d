/** Documented calls that no route serves yet; one that is built must leave this list (routes.test.ts). */
export const notYet: string[] = [];
