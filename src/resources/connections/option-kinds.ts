import { managementError, type WireError } from '../../kernel/index.ts';
import type { OptionKind } from './federated-connection-options.rows.ts';
import type { Options } from './password-rules.ts';

/** The refusal of one option, as the Management API words it. */
export function invalidOption(name: string, reason: string): WireError {
  const message = `Payload validation error: '${reason}' on property options.${name}.`;
  return managementError(400, message, 'invalid_body');
}

const text: OptionKind = { type: 'string' };
const address: OptionKind = { type: 'string', https: true, longest: 2083 };

/** What is inside the options that are objects, as far as it counts. */
const MEMBERS: Readonly<Record<string, Readonly<Record<string, OptionKind>>>> = {
  attribute_map: {
    mapping_mode: { type: 'string', values: ['bind_all', 'basic_profile', 'use_map'] },
    attributes: { type: 'object' },
    userinfo_scope: text,
  },
  connection_settings: { pkce: { type: 'string', values: ['auto', 'S256', 'plain', 'disabled'] } },
  federated_connections_access_tokens: { active: { type: 'boolean' } },
  oidc_metadata: {
    issuer: text,
    authorization_endpoint: address,
    token_endpoint: address,
    jwks_uri: address,
    userinfo_endpoint: address,
    end_session_endpoint: address,
    id_token_signing_alg_values_supported: { type: 'array' },
    code_challenge_methods_supported: { type: 'array' },
    authorization_response_iss_parameter_supported: { type: 'boolean' },
  },
};

/** Refuses options that are not what their kinds say. `within` is the option that they are inside of. WireError 400. */
export function requireKinds(kinds: Readonly<Record<string, OptionKind>>, options: Options, within = ''): void {
  for (const [name, value] of Object.entries(options)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (!kind || value === undefined || value === null) continue;
    requireKind(`${within}${name}`, kind, value);
    const members = within === '' ? MEMBERS[name] : undefined;
    if (members) requireKinds(members, value as Options, `${name}.`);
  }
}

const CHECKS: Readonly<Record<OptionKind['type'], (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  array: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  object: (value) => typeof value === 'object' && !Array.isArray(value),
};

function requireKind(name: string, kind: OptionKind, value: unknown): void {
  const isPlainText = kind.orText && typeof value === 'string';
  if (!isPlainText && !CHECKS[kind.type](value)) throw invalidOption(name, `Expected type ${kind.type}`);
  if (kind.https && !isHttps(value as string))
    throw invalidOption(name, `Object didn't pass validation for format https-url: ${value}`);
  const stranger = [value].flat().find((one) => kind.values && !kind.values.includes(one as string));
  if (stranger !== undefined) throw invalidOption(name, `No enum match for: ${stranger}`);
  const { longest } = kind;
  if (longest !== undefined && typeof value === 'string' && value.length > longest)
    throw invalidOption(name, `String is too long (${value.length} chars), maximum ${longest}`);
  if (kind.texts && Object.values(value as object).some((one) => typeof one !== 'string'))
    throw invalidOption(name, 'Expected type string for every member');
}

/** Tokens and profiles of people travel there: never in the clear, and never with somebody's password in the address. */
function isHttps(value: string): boolean {
  const url = URL.parse(value);
  return url?.protocol === 'https:' && url.username === '' && url.password === '' && url.hash === '';
}
