import {
  type Context,
  type Endpoint,
  empty,
  endpoint,
  Failure,
  isoTime,
  oauthError,
  type Reply,
  type Static,
  Type,
  WireError,
} from '../../kernel/index.ts';
import { presentFailure } from '../../platform/http/index.ts';
import { passwordlessRules } from '../../resources/connections/index.ts';
import {
  type PasswordlessProof,
  requirePasswordlessConnection,
  verifyPasswordlessCode,
} from '../../strategies/index.ts';
import type { AuthorizationRequest, Cookies, Refusal } from '../../transactions/index.ts';
import { recipientOf, refuse, requestFrom } from './authorize.endpoints.ts';
import { checksOfBrought } from './checks.ts';
import { enterLogin } from './enter-login.ts';
import { identifyClient } from './identify.ts';
import { authorizeParameters, dropEmpty } from './request.ts';
import { refusalOf } from './respond.ts';

const text = (description: string) => Type.Optional(Type.String({ description }));

const linkParameters = Type.Object({
  ...authorizeParameters.properties,
  verification_code: text('The code that was sent.'),
  email: text('The address that it was mailed to.'),
  phone_number: text('The number that it was texted to.'),
});
type LinkParameters = Static<typeof linkParameters>;

/**
 * A login whose first factor is already proved, by the code in the link: the same checks as for any other authorization request, and
 * after them the same steps. A request that is refused does not use the code up.
 */
async function followLink(ctx: Context, sent: LinkParameters, cookies: Cookies): Promise<Reply> {
  const { verification_code, email, phone_number, ...parameters } = sent;
  const asked = await identifyClient(ctx, dropEmpty({ response_type: 'code', ...parameters }));
  const to = recipientOf(asked);
  try {
    for (const check of checksOfBrought) await check(ctx, asked);
    const request = await requestFrom(ctx, asked);
    const connection = await requirePasswordlessConnection(ctx, request.connection ?? '', asked.client);
    const recipient = passwordlessRules(connection).identifier === 'email' ? email : phone_number;
    const attempt = { connection, recipient: recipient ?? '', code: verification_code ?? '', client: asked.client };
    const proof = await verifyPasswordlessCode(ctx, attempt);
    return await enter(ctx, request, proof, cookies);
  } catch (error) {
    return refuse(ctx, asked, to, told(error));
  }
}

/** Uses the code up for a login that begins with it, and goes on with that. */
function enter(
  ctx: Context,
  request: AuthorizationRequest,
  { connection, user, consume }: PasswordlessProof,
  cookies: Cookies,
): Promise<Reply> {
  const name = connection.strategy === 'sms' ? 'sms' : 'email';
  const methods = [{ name, timestamp: isoTime(ctx.clock) }] as const;
  const proved = { user_id: user.user_id, connection: connection.name, methods };
  return enterLogin(ctx, { draft: { kind: 'login', request, interactive: false, ...proved }, consume }, cookies);
}

/** Auth0: whatever is wrong with the code is `unauthorized`, in the words of the token endpoint. */
function told(error: unknown): Refusal {
  const wire = error instanceof Failure ? presentFailure('oauth', error) : error;
  if (!(wire instanceof WireError)) throw error;
  const refusal = refusalOf(wire);
  return refusal.error === 'invalid_grant' ? { ...refusal, error: 'unauthorized' } : refusal;
}

/** Browsers and proxies say so when nobody has followed a link yet. */
function isPrefetch(headers: Readonly<Record<string, string | undefined>>): boolean {
  const said = [headers['sec-purpose'], headers.purpose, headers['x-purpose'], headers['x-moz']];
  return said.some((value) => /prefetch|preview|prerender/i.test(value ?? ''));
}

export const magicLinkEndpoint: Endpoint = endpoint({
  method: 'GET',
  path: '/passwordless/verify_redirect',
  name: 'followMagicLink',
  summary: 'The link of a mail that logs in.',
  tag: 'Passwordless',
  surface: 'page',
  query: linkParameters,
  replies: {
    204: 'Nothing yet: the link was fetched before anybody followed it.',
    302: 'To the application, or a page.',
  },
  async handle(ctx, { query, cookies, headers }) {
    if (isPrefetch(headers)) return empty(204);
    if (!query.verification_code) throw oauthError(400, 'invalid_request', 'missing verification_code parameter');
    return followLink(ctx, query, cookies);
  },
});
