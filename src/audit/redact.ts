const HIDDEN = '*****';

/** Members whose value opens something, whatever part of a request they came in. */
const SECRETS = new Set([
  'password',
  'old_password',
  'new_password',
  'client_secret',
  'client_assertion',
  'assertion',
  'access_token',
  'refresh_token',
  'id_token',
  'mfa_token',
  'token',
  'otp',
  'oob_code',
  'binding_code',
  'recovery_code',
  'code_verifier',
  'ticket',
  'secret',
  'signing_secret',
  'auth_token',
  'authorization',
  'cookie',
  'password_hash',
  'private_key',
]);

/** A copy of `value` in which no member that is a secret can be read. Values of other members are kept as they are. */
export function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const hidden = SECRETS.has(name.toLowerCase()) && member !== null && member !== undefined;
      return [name, hidden ? HIDDEN : redact(member)];
    }),
  );
}
