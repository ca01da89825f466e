import { type Context, endpoint, json, oauthError, type Reply, type TSchema, Type } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { grantScopes } from '../scopes.ts';
import { GRANT } from '../vocabulary.ts';
import type { GrantedAuthorization, TokenResponse } from './authorization.ts';
import { authenticateClient, isPublic } from './client-authentication.ts';
import type { Grant, GrantRequest } from './grant.ts';
import { grants } from './grants/index.ts';
import { issueTokens } from './issue.ts';
import { requireSecondFactor } from './second-factor.ts';
import { failureEvent, type Progress, settleRefusal, successEvent } from './token-log.ts';
import { readGrantRequest, requireText, type TokenBody } from './token-request.ts';

const grantsByType: ReadonlyMap<string, Grant> = new Map(grants.map((grant) => [grant.type, grant]));

interface TokenRequest {
  readonly body: TokenBody;
  readonly headers: GrantRequest<never>['headers'];
}

/** Everything that grants have in common, in this order; a refusal at any step has consumed nothing. */
async function exchange(ctx: Context, request: TokenRequest): Promise<Reply> {
  const type = requireText(request.body, 'grant_type');
  const grant = grantsByType.get(type);
  const progress: Progress = {};
  try {
    progress.client = await authenticateClient(ctx, request);
    if (!grant) throw oauthError(403, 'unsupported_grant_type', `Unsupported grant type: ${type}`);
    requireAllowed(grant, progress.client);
    const authorization = await grant.handle(ctx, readGrantRequest(grant, progress.client, request));
    progress.authorization = authorization;
    const granted = { ...authorization, scope: await grantScopes(ctx, authorization) };
    if (grant.secondFactor) await requireSecondFactor(ctx, type, granted);
    return await answer(ctx, grant, granted);
  } catch (error) {
    const code = grant?.log.failure;
    await settleRefusal(
      ctx,
      code === undefined ? undefined : failureEvent(code, progress, request.body.client_id, error),
      error,
    );
    throw error;
  }
}

async function answer(ctx: Context, grant: Grant, granted: GrantedAuthorization): Promise<Reply> {
  const response: TokenResponse = await issueTokens(ctx, granted);
  ctx.audit(successEvent(grant.log.success, granted, response));
  return json(200, response);
}

/** Before anything is consumed: a client without the grant must not be able to use up what it got hold of. */
function requireAllowed(grant: Grant, client: StoredClient): void {
  const isAllowed = client.grant_types?.includes(grant.type) && !(grant.client === 'confidential' && isPublic(client));
  if (isAllowed) return;
  throw oauthError(403, 'unauthorized_client', `Grant type '${grant.type}' not allowed for the client.`);
}

/** One row per parameter of any grant. Types and presence are checked by hand, after the client: see `exchange`. */
function describeBody(): TSchema {
  const credentials = ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type'];
  const own = grants.flatMap((grant) => Object.keys(grant.params).map((name) => ({ name, type: grant.type })));
  const rows = [...Map.groupBy(own, ({ name }) => name)].map(([name, users]) => [
    name,
    Type.Unsafe<unknown>({ description: `Of the grants ${users.map(({ type }) => type).join(', ')}. A string.` }),
  ]);
  return Type.Object({
    grant_type: Type.Unsafe<unknown>({ description: `One of ${Object.values(GRANT).join(', ')}.` }),
    ...Object.fromEntries(
      credentials.map((name) => [name, Type.Optional(Type.Unsafe<unknown>({ description: 'A string.' }))]),
    ),
    audience: Type.Optional(Type.Unsafe<unknown>({ description: 'The API that the token is for.' })),
    scope: Type.Optional(Type.Unsafe<unknown>({ description: 'Scopes, separated by spaces; in JSON also a list.' })),
    ...Object.fromEntries(rows.map(([name, schema]) => [name, Type.Optional(schema as TSchema)])),
  });
}

export const tokenEndpoint = endpoint({
  method: 'POST',
  path: '/oauth/token',
  name: 'exchangeToken',
  summary: 'Get tokens with one of the grants',
  tag: 'Tokens',
  surface: 'oauth',
  cors: 'client',
  body: describeBody(),
  replies: {
    200: Type.Object({
      access_token: Type.String(),
      refresh_token: Type.Optional(Type.String()),
      id_token: Type.Optional(Type.String()),
      scope: Type.Optional(Type.String()),
      expires_in: Type.Integer(),
      token_type: Type.String(),
      recovery_code: Type.Optional(Type.String()),
    }),
    400: 'A parameter is missing or malformed.',
    401: 'The client could not be authenticated.',
    403: 'The grant is not allowed, not valid, or needs a second factor.',
  },
  handle: (ctx, { body, headers }) => exchange(ctx, { body: body as TokenBody, headers }),
});
