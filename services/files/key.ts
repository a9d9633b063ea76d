/** `noun/name`: letters, digits, `-`, `_`, `.`; never a path from outside. */
export type FileKey = string;

const KEY = /^[a-z0-9][a-z0-9_-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/;

/** @throws RangeError for a key that could name something else than a file of ours */
export function checkKey(key: FileKey): FileKey {
  if (!KEY.test(key) || key.includes('..')) throw new RangeError(`not a file key: ${key}`);
  return key;
}
