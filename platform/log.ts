import { pino, type Logger } from 'pino';

export type { Logger };

/** Names whose values never reach a log, wherever they stand (invariants.md I16). */
const SECRET = [
  'password',
  'oldPassword',
  'newPassword',
  'token',
  'credential',
  'verificationCode',
  'authorization',
  'cookie',
  'phone',
  'phoneNumber',
  'idNumber',
  'emergencyContact',
  'emergencyPhone',
  'encryptedData',
  'text',
  'body',
];

/**
 * JSON logs, ids only.
 * @param level pino's level, `silent` in tests
 */
export function createLog(level: string, node: string): Logger {
  return pino({
    level,
    base: { node },
    redact: {
      paths: SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      censor: '[redacted]',
    },
    serializers: { err: pino.stdSerializers.err },
  });
}
