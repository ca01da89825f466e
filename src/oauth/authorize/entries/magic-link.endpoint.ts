import {
  type Context,
  type Endpoint,
  empty,
  endpoint,
  Failure,
  fail,
  isoTime,
  oauthError,
  optionalText,
  type Reply,
  redirect,
  type Static,
  Type,
  WireError,
} from '../../../kernel/index.ts';
import { presentFailure } from '../../../platform/http/index.ts';
import { type Connection, passwordlessRules } from '../../../resources/connections/index.ts';
import {
  type PasswordlessAttempt,
  type PasswordlessProof,
  passwordlessWays,
  requirePasswordlessConnection,
  verifyPasswordlessCode,
} from '../../../strategies/index.ts';
import {
  type AuthorizationRequest,
  type Cookies,
  proveFirstFactor,
  RESUME,
  type Refusal,
  refuseTransaction,
} from '../../../transactions/index.ts';
import { recipientOf, refuse, requestFrom } from '../authorize.endpoints.ts';
import { checksOfBrought } from '../checks.ts';
import { identifyClient } from '../request/identify.ts';
import { authorizeParameters, dropEmpty } from '../request/request.ts';
import { refusalOf } from '../respond.ts';
import { type ContinuedLogin, findContinued } from './continued-login.ts';
import { enterLogin } from './enter-login.ts';

const linkParameters = Type.Object({
  ...authorizeParameters.properties,
  verification_code: optionalText('The code that was sent.'),
  email: optionalText('The address that it was mailed to.'),
  phone_number: optionalText('The number that it was texted to.'),
});
type LinkParameters = Static<typeof linkParameters>;

/**
 * A login whose first factor is already proved, by the code in the link: the same checks as for any other authorization request, and
 * after them the same steps. A request that is refused does not use the code up.
 */
async function followLink(ctx: Context, sent: LinkParameters, cookies: Cookies): Promise<Reply> {
  const { verification_code: _code, email: _email, phone_number: _phone, ...parameters } = sent;
  const continued = await findContinued(ctx, dropEmpty(parameters), cookies);
  if (continued) return takeUp(ctx, continued, sent);
  const asked = await identifyClient(ctx, dropEmpty({ response_type: 'code', ...parameters }));
  const to = recipientOf(asked);
  try {
    for (const check of checksOfBrought) await check(ctx, asked);
    const request = await requestFrom(ctx, asked);
    const connection = await requirePasswordlessConnection(ctx, request.connection ?? '', asked.client);
    const proof = await verifyPasswordlessCode(ctx, attemptOf(connection, asked.client, sent));
    return await enter(ctx, request, proof, cookies);
  } catch (error) {
    return refuse(ctx, asked, to, told(error));
  }
}

function attemptOf(
  connection: Connection,
  client: { readonly client_id: string },
  { verification_code: code = '', email, phone_number }: LinkParameters,
): PasswordlessAttempt {
  const recipient = passwordlessRules(connection).identifier === 'email' ? email : phone_number;
  return { connection, recipient: recipient ?? '', code, client };
}

/** A code that was typed on an operator's login page: the first factor of the login that the page is of. */
async function takeUp(ctx: Context, { transaction, state }: ContinuedLogin, sent: LinkParameters): Promise<Reply> {
  const { request } = transaction;
  const name = request.connection ?? sent.connection ?? '';
  try {
    const [connection] = await passwordlessWays(ctx, { ...request, connection: name });
    if (!connection) fail('connection_not_found', {});
    const proof = await verifyPasswordlessCode(ctx, attemptOf(connection, request, sent));
    const proved = { userId: proof.user.user_id, connection: name, name: methodOf(connection), interactive: true };
    await ctx.store.transaction(async () => {
      await proof.consume();
      await proveFirstFactor(ctx, transaction, proved);
    });
  } catch (error) {
    await refuseTransaction(ctx, state, { refusal: told(error), connection: name });
  }
  return redirect(`${RESUME}?state=${encodeURIComponent(state)}`);
}

const methodOf = ({ strategy }: Connection) => (strategy === 'sms' ? ('sms' as const) : ('email' as const));

/** Uses the code up for a login that begins with it, and goes on with that. */
function enter(
  ctx: Context,
  request: AuthorizationRequest,
  { connection, user, consume }: PasswordlessProof,
  cookies: Cookies,
): Promise<Reply> {
  const methods = [{ name: methodOf(connection), timestamp: isoTime(ctx.clock) }] as const;
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
