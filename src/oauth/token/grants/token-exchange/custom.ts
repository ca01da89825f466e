import { type Context, epochSeconds, isoTime, oauthError } from '../../../../kernel/index.ts';
import { isSecondFactorRequired } from '../../../../mfa/index.ts';
import { isPublic, type StoredClient } from '../../../../resources/clients/index.ts';
import {
  findTokenExchangeProfile,
  type TokenExchangeProfile,
} from '../../../../resources/token-exchange-profiles/index.ts';
import { recordLogin } from '../../../../strategies/index.ts';
import { resolveAudience } from '../../../audience.ts';
import { requestedOrganization } from '../../../organization.ts';
import { chosenAudience } from '../../../resource-parameter.ts';
import { sessionTransferTarget } from '../../../session-transfer/session-transfer-target.ts';
import { notAuthorizedFor, type Target } from '../../../target.ts';
import { TOKEN_TYPE } from '../../../vocabulary.ts';
import type { Authorization } from '../../authorization.ts';
import { endUserAddress } from '../../end-user-address.ts';
import type { GrantRequest } from '../../grant.ts';
import { requireUnthrottled } from '../../wrong-tokens.ts';
import { readActor, requireActorPair } from './actor.ts';
import { checkForeignToken } from './subject-token.ts';
import { userOfToken } from './user-of-token.ts';

export const CUSTOM_PARAMS = {
  subject_token: 'required',
  subject_token_type: 'required',
  requested_token_type: 'optional',
  actor_token: 'optional',
  actor_token_type: 'optional',
  organization: 'optional',
  resource: 'optional',
} as const;

type CustomRequest = GrantRequest<typeof CUSTOM_PARAMS>;

/** Auth0: first-party, OIDC conformant clients that were told so. */
export function mayExchangeCustomTokens(client: StoredClient): boolean {
  const types = client.token_exchange?.allow_any_profile_of_type ?? [];
  return client.is_first_party !== false && client.oidc_conformant && types.includes('custom_authentication');
}

/** Tokens for the user whom a token of somebody else stands for, as the profile of its type has it. */
export async function exchangeCustomToken(ctx: Context, request: CustomRequest): Promise<Authorization> {
  const { client, params } = request;
  requireActorPair(params);
  const ip = endUserAddress(ctx, client, request.headers);
  await requireUnthrottled(ctx, 'pre-custom-token-exchange', ip);
  const profile = await requireProfile(ctx, params);
  const organization = await requestedOrganization(ctx, client, params.organization, 400);
  const target = await requireTarget(ctx, request);
  requireNoConsent(target);
  const isTransfer = target.kind === 'session_transfer';
  if (isTransfer && params.actor_token === undefined) throw actorMissing();
  const subject = await checkForeignToken(ctx, profile, params.subject_token, { ip, name: 'subject_token' });
  const actor = await readActor(ctx, client, params, subject, ip);
  const { user, connection, save } = await userOfToken(ctx, client, profile.subject_token_verifier, subject);
  if (actor && (await isSecondFactorRequired(ctx, { user, client, audience: target.identifier, methods: [] }))) {
    throw mfaWithActor();
  }
  const proveFirstFactor = async () => {
    await subject.consume();
    await save();
  };
  return {
    client,
    user,
    target,
    flow: 'token_exchange',
    requested: request.scope,
    connection: connection.name,
    ...(organization ? { organization: { id: organization.id } } : {}),
    ip,
    auth_time: epochSeconds(ctx.clock),
    methods: [{ name: 'federated', timestamp: isoTime(ctx.clock) }],
    ...(actor ? { actor: actor.act, withheld: ['refresh_token'] as const } : {}),
    ...(isTransfer ? { withheld: ['refresh_token', 'id_token'] as const } : ISSUED),
    proveFirstFactor,
    consume: async () => {
      await proveFirstFactor();
      await actor?.consume();
      // Auth0: whoever acts for somebody is not them.
      if (!isTransfer) await recordLogin(ctx, user, ip);
    },
  };
}

const ISSUED = { extra: { issued_token_type: TOKEN_TYPE.accessToken } } as const;

/** An API; or a session for somebody who acts for the user, which only confidential clients may ask for. */
async function requireTarget(ctx: Context, { client, params, ...request }: CustomRequest): Promise<Target> {
  const audience = await chosenAudience(ctx, { audience: request.audience, resource: params.resource });
  const transfer = sessionTransferTarget(ctx, client, audience);
  if (transfer && isPublic(client)) throw notAuthorizedFor(client, transfer.identifier);
  const target = transfer ?? (await resolveAudience(ctx, client, audience));
  // What the user proves who they are with is theirs to set up, and nobody's who acts for them.
  if (target.kind === 'mfa' && params.actor_token !== undefined) throw notAuthorizedFor(client, target.identifier);
  return target;
}

function actorMissing() {
  return oauthError(400, 'invalid_request', 'actor_token is required to request a session transfer token');
}

/** What kinds of tokens are handed in and asked for is known, or the request makes no sense. */
async function requireProfile(ctx: Context, params: CustomRequest['params']): Promise<TokenExchangeProfile> {
  const profile =
    params.requested_token_type === undefined
      ? await findTokenExchangeProfile(ctx, params.subject_token_type)
      : undefined;
  if (profile) return profile;
  throw oauthError(400, 'invalid_request', 'Invalid subject_token_type and requested_token_type combination.');
}

/** Auth0: nobody is there who could be asked, so an API must not want it. */
export function requireNoConsent({ resourceServer, identifier, kind }: Target): void {
  if (kind !== 'api' || resourceServer?.skip_consent_for_verifiable_first_party_clients !== false) return;
  throw oauthError(
    403,
    'access_denied',
    `The API ${identifier} wants the user's consent, which a token exchange cannot ask for`,
  );
}

function mfaWithActor() {
  return oauthError(
    400,
    'invalid_request',
    'MFA is not supported using actor_token with the requested token exchange profile.',
  );
}
