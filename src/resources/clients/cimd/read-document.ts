import { isOpenCallback } from '../callback-rule.ts';

export type Document = Readonly<Record<string, unknown>>;

/** What of a document becomes of a client. */
export interface MappedFields {
  readonly external_client_id: string;
  readonly name?: string;
  readonly app_type?: 'native' | 'regular_web';
  readonly callbacks?: readonly string[];
  readonly logo_uri?: string;
  readonly description?: string;
  readonly grant_types?: readonly string[];
  readonly token_endpoint_auth_method?: 'none' | 'private_key_jwt';
  readonly jwks_uri?: string;
}

/** Where the findings of one reading go. */
interface Findings {
  readonly violations: string[];
  readonly warnings: string[];
}

export interface ReadDocument extends Findings {
  readonly mapped: MappedFields;
}

const SUPPORTED = (
  'client_id client_name redirect_uris grant_types application_type token_endpoint_auth_method jwks_uri logo_uri description ' +
  'response_types'
).split(' ');
/** A document is public, and keys in it would last as long as whoever copied it says. */
const FORBIDDEN = ['jwks', 'client_secret', 'client_secret_expires_at'];
const GRANTS = ['authorization_code', 'refresh_token'];
const APP_TYPES: ReadonlyMap<unknown, 'native' | 'regular_web'> = new Map([
  ['native', 'native'],
  ['web', 'regular_web'],
]);
const LONGEST_DESCRIPTION = 140;

/** Reads the document found at `url` by Auth0's rules. All that is wrong is named at once; with violations it must not be applied. */
export function readDocument(url: string, document: Document): ReadDocument {
  const findings: Findings = { violations: [], warnings: [] };
  if (document.client_id !== url) findings.violations.push('client_id must be the URL of the document');
  for (const name of FORBIDDEN.filter((one) => Object.hasOwn(document, one)))
    findings.violations.push(`${name} must not be part of the document`);
  for (const name of Object.keys(document).filter((one) => !SUPPORTED.includes(one) && !FORBIDDEN.includes(one)))
    findings.warnings.push(`Property not supported: '${name}'`);
  const app_type = readAppType(document, findings);
  const mapped: Record<string, unknown> = {
    external_client_id: url,
    name: readName(document, findings),
    app_type,
    callbacks: readCallbacks(document, app_type, findings),
    logo_uri: readLogo(document, findings),
    description: readDescription(document, findings),
    grant_types: readGrantTypes(document, findings),
    ...readAuthentication(url, document, findings),
  };
  const present = Object.entries(mapped).filter(([, value]) => value !== undefined);
  return { ...findings, mapped: Object.fromEntries(present) as unknown as MappedFields };
}

function readName({ client_name: name }: Document, { violations }: Findings): string | undefined {
  if (typeof name === 'string' && name.trim() !== '' && /^[^<>\p{Cc}\p{Bidi_Control}]+$/u.test(name)) return name;
  violations.push('client_name must be a text that is not empty, without < and >');
  return undefined;
}

function readAppType({ application_type: type = 'web' }: Document, { violations }: Findings) {
  const app_type = APP_TYPES.get(type);
  if (!app_type) violations.push('application_type must be native or web');
  return app_type;
}

function readCallbacks(document: Document, app_type: string | undefined, { violations }: Findings) {
  const { redirect_uris: uris, grant_types: grants } = document;
  const isNeeded = isTexts(grants) && (grants.includes('authorization_code') || grants.includes('implicit'));
  if (uris === undefined && !isNeeded) return undefined;
  const rule = { loopback: app_type === 'native', ownScheme: false };
  if (!isTexts(uris) || uris.length === 0) violations.push('redirect_uris must be a list of at least one URL');
  else if (new Set(uris).size < uris.length) violations.push('redirect_uris must be unique');
  else if (!uris.every((uri) => isOpenCallback(uri, rule)))
    violations.push('redirect_uris must be https URLs, or lead to the loopback interface of native applications');
  else return uris;
  return undefined;
}

function readLogo({ logo_uri: logo }: Document, { violations }: Findings): string | undefined {
  if (logo === undefined) return undefined;
  if (typeof logo === 'string' && /^https?:\/\/[^/]/.test(logo) && URL.canParse(logo)) return logo;
  violations.push('logo_uri must be an http or https URL');
  return undefined;
}

function readDescription({ description }: Document, { violations }: Findings): string | undefined {
  if (description === undefined) return undefined;
  if (typeof description === 'string' && description.length <= LONGEST_DESCRIPTION) return description;
  violations.push(`description must be a text of at most ${LONGEST_DESCRIPTION} characters`);
  return undefined;
}

function readGrantTypes(document: Document, { violations, warnings }: Findings): string[] | undefined {
  const { grant_types: grants, response_types: types } = document;
  if (!isTexts(grants)) {
    violations.push('grant_types must be a list of texts');
    return undefined;
  }
  for (const grant of grants.filter((one) => !GRANTS.includes(one)))
    warnings.push(`Grant type not supported: '${grant}'`);
  const supported = [...new Set(grants)].filter((grant) => GRANTS.includes(grant));
  if (supported.length === 0) violations.push(`grant_types must include one of: ${GRANTS.join(', ')}`);
  if (types !== undefined && !isTexts(types)) violations.push('response_types must be a list of texts');
  else if (types?.includes('code') && !supported.includes('authorization_code'))
    warnings.push("response_types contains 'code' but grant_types lacks 'authorization_code'");
  return supported;
}

function readAuthentication(
  url: string,
  { token_endpoint_auth_method: method = 'none', jwks_uri }: Document,
  { violations, warnings }: Findings,
): Partial<MappedFields> {
  if (method === 'none') {
    if (jwks_uri !== undefined)
      warnings.push("jwks_uri is only used with token_endpoint_auth_method 'private_key_jwt'");
    return { token_endpoint_auth_method: 'none' };
  }
  if (method !== 'private_key_jwt') {
    violations.push('token_endpoint_auth_method must be none or private_key_jwt');
    return {};
  }
  const isOwn = typeof jwks_uri === 'string' && /^https:\/\/[^/@\\#]+(\/[^\\#]*)?$/.test(jwks_uri);
  if (isOwn && URL.parse(jwks_uri)?.origin === URL.parse(url)?.origin)
    return { token_endpoint_auth_method: 'private_key_jwt', jwks_uri };
  violations.push('jwks_uri must be an https URL of the same origin as the document');
  return { token_endpoint_auth_method: 'private_key_jwt' };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
