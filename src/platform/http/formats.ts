import { isIP, isIPv4, isIPv6 } from 'node:net';
import type { Ajv2020 as Ajv } from 'ajv/dist/2020.js';
import { webUrl } from '../../kernel/index.ts';

/**
 * Every `format` of the Management API's request schemas. Auth0 publishes the names, not the rules; a rule follows recorded
 * answers where there are any, else the name. Hosts of the "absolute" formats need a top-level domain: Auth0 refuses
 * `https://localhost:3000/logo.svg` as `absolute-uri-or-empty`.
 */

/** Longest user id that is accepted where a list of users is given. */
const MAX_USER_ID = 300;
const MAX_EMAIL = 254;
const PLACEHOLDER = /\{[A-Za-z0-9_.]+\}/g;
/** Schemes that would run as script in the page that follows the link. */
const SCRIPT_SCHEMES = new Set(['javascript:', 'data:', 'vbscript:']);

type Rule = (value: string) => boolean;

const matches =
  (pattern: RegExp): Rule =>
  (value) =>
    pattern.test(value);
const orEmpty =
  (rule: Rule): Rule =>
  (value) =>
    value === '' || rule(value);
const prefixed = (prefix: string, length: number) => matches(new RegExp(`^${prefix}[A-Za-z0-9]{${length}}$`));

const HOST_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

function isHostname(value: string): boolean {
  return value.length <= 253 && value.split('.').every((label) => HOST_LABEL.test(label));
}

function hasTopLevelDomain(hostname: string): boolean {
  if (isIP(hostname) || /^\[.*\]$/.test(hostname)) return true;
  const labels = hostname.split('.');
  return labels.length > 1 && labels.every((label) => HOST_LABEL.test(label)) && !/^\d+$/.test(labels.at(-1)!);
}

/** `value` as an absolute URL without white space, or undefined. `http:foo` is no URL here though browsers would repair it. */
function parseUrl(value: string): URL | undefined {
  if (/[\s\\<>"^`]/.test(value) || !/^[a-z][a-z0-9+.-]*:./i.test(value)) return undefined;
  if (/^https?:/i.test(value) && !/^https?:\/\/[^/?#]/i.test(value)) return undefined;
  return URL.parse(value) ?? undefined;
}

const isWebUrl = (value: string) => parseUrl(value) !== undefined && webUrl(value) !== undefined;

function isPublicUrl(value: string): boolean {
  return isWebUrl(value) && hasTopLevelDomain(new URL(value).hostname);
}

const isHttpsUrl: Rule = (value) => isPublicUrl(value) && new URL(value).protocol === 'https:';

/** z-schema's `strict-uri`: the scheme may be left out, the top-level domain may not. */
const isStrictUri: Rule = (value) => isPublicUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `https://${value}`);

const isHttpsUrlWithPlaceholders: Rule = (value) => isHttpsUrl(value.replace(PLACEHOLDER, 'placeholder'));

const EXPRESS_PLACEHOLDER = /\{(organization_name|organization_id|connection_name)\}/g;

/** Auth0: these three may stand anywhere in it, and nothing else in braces. */
function isExpressLoginTemplate(value: string): boolean {
  const filled = value.replace(EXPRESS_PLACEHOLDER, 'placeholder');
  return !/[{}]/.test(filled) && isHttpsUrl(filled);
}

/**
 * Auth0, subdomain URL placeholders: one `*` or `{organization_name}`, in the leftmost label of an http(s) host, never in
 * place of the domain itself (`https://*.com`).
 */
function isPlacedWell(value: string): boolean {
  const marks = value.match(/\*|\{[A-Za-z0-9_.]+\}/g) ?? [];
  if (marks.length === 0) return true;
  const host = /^https?:\/\/([^/?#:]+)/i.exec(value)?.[1] ?? '';
  const [first, ...rest] = host.replace(PLACEHOLDER, '*').split('.');
  return marks.length === 1 && first!.includes('*') && rest.length >= 2;
}

function isUrlWithPlaceholders(value: string): boolean {
  if (!isPlacedWell(value)) return false;
  const url = parseUrl(value.replace(PLACEHOLDER, 'placeholder').replace('*', 'wildcard'));
  return url !== undefined && !SCRIPT_SCHEMES.has(url.protocol);
}

/** RFC 6749 §3.1.2: a redirection endpoint is absolute and has no fragment. Schemes of native applications are welcome. */
const isCallbackUrl: Rule = (value) => !value.includes('#') && isUrlWithPlaceholders(value);

const EMAIL_LOCAL = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const EMAIL_DOMAIN = /^([\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}][\p{L}\p{N}-]*[\p{L}\p{N}]$/u;

function isEmail(value: string): boolean {
  const at = value.lastIndexOf('@');
  const local = value.slice(0, Math.max(at, 0));
  return (
    value.length <= MAX_EMAIL && local.length <= 64 && EMAIL_LOCAL.test(local) && EMAIL_DOMAIN.test(value.slice(at + 1))
  );
}

function isDate(value: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) ?? [];
  if (!year) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

/** RFC 3339 §5.6, with the leap second. */
function isDateTime(value: string): boolean {
  const time = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;
  return /t/i.test(value[10] ?? '') && isDate(value.slice(0, 10)) && time.test(value.slice(11));
}

function isCidr(value: string, isAddress: Rule, bits: number): boolean {
  const [, address, length] = /^(.+)\/(\d{1,3})$/.exec(value) ?? [];
  return address !== undefined && isAddress(address) && Number(length) <= bits;
}

const hexColor = matches(/^#([0-9a-f]{3}|[0-9a-f]{6})$/i);
const userId: Rule = (value) => value.length <= MAX_USER_ID && /^[^|]+\|.+$/.test(value);

/** The rules by name. All say whether a string is well formed; values of other types are the business of `type`. */
export const formats: Readonly<Record<string, Rule>> = {
  'absolute-https-uri-or-empty': orEmpty(isHttpsUrl),
  'absolute-https-uri-with-placeholders-or-empty': orEmpty(isHttpsUrlWithPlaceholders),
  'absolute-uri-or-empty': orEmpty(isPublicUrl),
  acr: matches(/^\S+$/),
  'callback-url': isCallbackUrl,
  cidr: (value) => isCidr(value, isIPv4, 32),
  'client-grant-id': prefixed('cgr_', 16),
  'client-id': matches(/^[A-Za-z0-9_-]{1,64}$/),
  'connection-id': prefixed('con_', 16),
  'connection-profile-id': prefixed('cop_', 22),
  'connection-realm': matches(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$/),
  'credential-id': prefixed('cred_', 22),
  date: isDate,
  'date-time': isDateTime,
  'ec-initiate-login-uri-template-url': isExpressLoginTemplate,
  email: isEmail,
  'email-or-empty': orEmpty(isEmail),
  'event-stream-id': prefixed('est_', 22),
  'flow-id': prefixed('af_', 22),
  'flows-vault-connections-id': prefixed('ac_', 22),
  'forms-custom-identifier': matches(/^[A-Za-z][A-Za-z0-9_-]{0,254}$/),
  'forms-expression': matches(/\{\{.+\}\}/s),
  'forms-file-extension': matches(/^\.[A-Za-z0-9]+$/),
  'forms-hex-color': hexColor,
  'forms-url-https': isHttpsUrl,
  hostname: isHostname,
  'hostname-rfc2181': matches(/^(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*$/),
  'html-color': hexColor,
  'html-color-or-null': hexColor,
  ipv4: isIPv4,
  ipv6: isIPv6,
  ipv6_cidr: (value) => isCidr(value, isIPv6, 128),
  'non-empty-string': matches(/\S/),
  'organization-id': prefixed('org_', 16),
  'organization-name': matches(/^(?!org_)[a-z0-9][a-z0-9_-]{0,49}$/),
  'role-id': prefixed('rol_', 16),
  'session-id': matches(/^[A-Za-z0-9_-]{1,50}$/),
  'strict-https-uri-or-null': isHttpsUrl,
  'strict-uri': isStrictUri,
  uri: (value) => parseUrl(value) !== undefined,
  url: isWebUrl,
  'url-or-null': isWebUrl,
  'url-with-placeholders': isUrlWithPlaceholders,
  'user-attribute-profile-id': prefixed('uap_', 22),
  'user-id': userId,
  'user-id-with-max-length': userId,
  uuid: matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i),
};

/** Teaches `ajv` every format of `formats`. */
export function addFormats(ajv: Ajv): void {
  for (const [name, validate] of Object.entries(formats)) ajv.addFormat(name, { type: 'string', validate });
}
