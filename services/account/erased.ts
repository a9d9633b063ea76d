/** What becomes of a user row whose person is gone: personal data and every way in, while times and counts stay. */

/** The `$set` of a row that stands for nobody any more; the caller adds what else goes. */
export const erasedFields = (userID: number, why: 'erased' | 'deactivated') => ({
  deleted: true,
  enabled: false,
  disabledReason: why,
  phone: null,
  phoneIndex: null,
  email: null,
  emailIndex: null,
  idNumber: null,
  emergencyContact: null,
  emergencyPhone: null,
  avatar: null,
  profile: null,
  gender: null,
  age: 0,
  unproved: [],
  username: `${why}-${String(userID)}`,
});

/** The `$unset` beside it: no log-in leads here, and whoever comes by one of them again is somebody new. */
export const ERASED_LOG_INS = {
  ...{ phoneLogIn: 1, emailLogIn: 1, passwordHash: 1, returnCode: 1 },
  ...{ device: 1, wechat: 1 },
} as const;
