/** Documented calls that no route serves yet; one that is built must leave this list (routes.test.ts). */
export const notYet: string[] = [
  'POST /api/consultant/interview/upload/template',
  'POST /api/consultant/interview/download',
  'POST /api/consultant/interview/template/list',
  'POST /api/consultant/interview/records/profile',
  'POST /api/consultant/interview/records/profile/create',
  'POST /api/consultant/interview/records/profile/update',
  'POST /api/consultant/interview/records/personal-profile',
];
