import { pino } from 'pino';
import type { Logger } from '../../kernel/index.ts';

/** Members that never reach a log line, wherever they stand. */
const SECRET = [
  'authorization',
  'cookie',
  'password',
  'client_secret',
  'client_assertion',
  'code',
  'otp',
  'binding_code',
  'oob_code',
  'mfa_token',
  'recovery_code',
  'refresh_token',
  'access_token',
  'id_token',
  'secret',
  'code_verifier',
];

/** Structured logs, one JSON object a line, on standard error. `level`: debug, info, warn, error or silent. */
export function createLogger(level: string): Logger {
  const paths = SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino(
    { level, redact: { paths, censor: '[redacted]' }, base: undefined },
    pino.destination({ fd: 2, sync: false }),
  );
}
