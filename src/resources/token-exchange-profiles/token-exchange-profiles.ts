import { type Context, isFailure, isoTime, managementError, prefixedId, type WireError } from '../../kernel/index.ts';
import { settleVerifier, type VerifierBody } from './subject-token-verifier.ts';
import { type TokenExchangeProfile, tokenExchangeProfilesOf } from './token-exchange-profile.store.ts';

export interface ProfileBody {
  readonly name: string;
  readonly type: 'custom_authentication';
  readonly subject_token_type: string;
  readonly action_id?: string;
  readonly subject_token_verifier?: VerifierBody;
}

export type ProfileChange = Partial<Pick<ProfileBody, 'name' | 'subject_token_type' | 'subject_token_verifier'>>;

/** Auth0: the most that a tenant may have. */
const MOST = 100;
/** Auth0: namespaces whose types have a meaning of their own. */
const RESERVED = /^(https?:\/\/(www\.)?(auth0|okta)\.com(?![\w.-])|urn:(ietf|auth0|okta)(?![\w-]))/i;

/** May profiles, and actor tokens, not be of this type? Auth0 keeps some namespaces to itself. */
export function isReservedTokenType(type: string): boolean {
  return RESERVED.test(type);
}

const invalid = (reason: string) => managementError(400, `Payload validation error: '${reason}'.`, 'invalid_body');

function requireTokenType(type: string): void {
  const isUri =
    /^urn:[a-z0-9][a-z0-9-]{0,31}:\S+$/i.test(type) || (/^https?:\/\/\S+$/i.test(type) && URL.canParse(type));
  if (!isUri) throw invalid('subject_token_type must be a URI that begins with https://, http:// or urn:');
  if (isReservedTokenType(type)) throw invalid(`subject_token_type is in a reserved namespace: ${type}`);
}

const taken = (status: 400 | 409): WireError =>
  managementError(
    status,
    'subject_token_type already exists for tenant',
    status === 409 ? 'profile_conflict' : undefined,
  );

/**
 * Makes a profile. WireErrors: 400 for a type that is reserved or no URI, for an `action_id` (there are no Actions), for a verifier that
 * contradicts itself; 403 beyond the limit; 409 when there is a profile of that type.
 */
export async function createTokenExchangeProfile(ctx: Context, body: ProfileBody): Promise<TokenExchangeProfile> {
  const { action_id, subject_token_verifier: verifier, ...rest } = body;
  requireTokenType(body.subject_token_type);
  if (action_id !== undefined) throw managementError(400, 'Action not found', 'invalid_body');
  if (!verifier) throw invalid('Missing required property: action_id');
  if ((await tokenExchangeProfilesOf(ctx).count()) >= MOST) {
    throw managementError(403, 'You reached the limit of entities of this type for this tenant.', 'too_many_entities');
  }
  const now = isoTime(ctx.clock);
  const profile = {
    id: prefixedId(ctx.random, 'tep_'),
    ...rest,
    subject_token_verifier: await settleVerifier(ctx, verifier),
    created_at: now,
    updated_at: now,
  };
  return naming(409, tokenExchangeProfilesOf(ctx).insert(profile));
}

/** Changes name, type or verifier (whole). WireErrors 400: as for creation, and when there is another profile of that type. */
export async function updateTokenExchangeProfile(
  ctx: Context,
  profile: TokenExchangeProfile,
  change: ProfileChange,
): Promise<TokenExchangeProfile> {
  const { subject_token_verifier: verifier, ...rest } = change;
  if (rest.subject_token_type !== undefined) requireTokenType(rest.subject_token_type);
  const settled = verifier ? { subject_token_verifier: await settleVerifier(ctx, verifier) } : {};
  const updated_at = isoTime(ctx.clock);
  const written = tokenExchangeProfilesOf(ctx).update(profile.id, (current) => ({
    ...current,
    ...rest,
    ...settled,
    updated_at,
  }));
  return (await naming(400, written)) ?? profile;
}

async function naming<R>(status: 400 | 409, work: Promise<R>): Promise<R> {
  try {
    return await work;
  } catch (error) {
    if (isFailure(error, 'duplicate')) throw taken(status);
    throw error;
  }
}
