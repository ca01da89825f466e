const HIDDEN = '*****';

/** Members whose text opens something, whatever part of a request they came in: by their own name, or by a part of it. */
const SECRET_NAMES = new Set([
  'api_key',
  'apikey',
  'assertion',
  'authorization',
  'binding_code',
  'code_verifier',
  'cookie',
  'key',
  'oob_code',
  'otp',
  'recovery_code',
  'storageaccesskey',
  'saskey',
  'masterkey',
  'ticket',
  'ticket_id',
  'ticket_url',
]);
const SECRET_PART = /secret|passw|token|assertion|private_?key|credential/;
/** Names that speak of secrets without holding one: `passwordPolicy`, `token_endpoint_auth_method`. */
const DESCRIPTION = /polic|method|dialect|_type$|^token_|_hint$/;

/** Members whose own members are named by an operator and hold secrets: settings of a connection's scripts, headers for its provider. */
const SECRET_RECORDS = new Set(['configuration', 'customHeaders']);

function isSecret(name: string, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const lower = name.toLowerCase();
  return SECRET_NAMES.has(lower) || (SECRET_PART.test(lower) && !DESCRIPTION.test(lower));
}

function redactMember(name: string, member: unknown): unknown {
  if (isSecret(name, member)) return HIDDEN;
  if (!SECRET_RECORDS.has(name) || typeof member !== 'object' || member === null) return redact(member);
  return Object.fromEntries(Object.keys(member).map((key) => [key, HIDDEN]));
}

/** A copy of `value` in which no text that is a secret can be read. Values of other members are kept as they are. */
export function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, redactMember(name, member)]));
}
