import {
  type Context,
  type Endpoint,
  endpoint,
  optionalText,
  type Reply,
  redirect,
  Type,
} from '../../../kernel/index.ts';
import { type Connection, connectionsOf, federatedRules, mayLogInWith } from '../../../resources/connections/index.ts';
import { saveTokenset } from '../../../resources/federated-tokensets/index.ts';
import { identityKey, identityOf, saveFederatedUser, type User } from '../../../resources/users/index.ts';
import {
  acceptAnswer,
  findUpstreamLogin,
  orRefusal,
  type ProviderAnswer,
  takeUpstreamLogin,
  transactionHandle,
  type UpstreamLogin,
} from '../../../strategies/index.ts';
import {
  type Cookies,
  lostTransaction,
  proveFirstFactor,
  RESUME,
  type Refusal,
  refuseTransaction,
  requireTransaction,
} from '../../../transactions/index.ts';
import { takePageAnswer } from '../../classic/page-callback.ts';
import { pagePath } from '../../step.ts';

/**
 * Back from an identity provider. The answer counts once, in the browser that was sent there, for the login and the connection that it
 * was sent for; only then the provider is asked about it. What goes wrong is told to the application.
 *
 * @throws WireError (page, 400) for an answer that nobody here waits for
 */
async function comeBack(ctx: Context, answer: ProviderAnswer, cookies: Cookies): Promise<Reply> {
  const login = answer.state ? await findUpstreamLogin(ctx, answer.state) : undefined;
  if (!login) throw lostTransaction('unknown state of an answer');
  const handle = transactionHandle(ctx, login);
  const transaction = await requireTransaction(ctx, handle, cookies);
  if (!(await takeUpstreamLogin(ctx, login))) throw lostTransaction('answered meanwhile');
  const connection = await connectionsOf(ctx).get(login.connection_id);
  const arrived =
    connection && mayLogInWith(connection, transaction.request.client_id)
      ? await arrive(ctx, connection, login, answer)
      : { refusal: DISABLED };
  if ('refusal' in arrived) {
    const { refusal } = arrived;
    await refuseTransaction(ctx, handle, { refusal, connection: connection?.name });
  } else {
    const { user, connection: where } = arrived;
    const proof = { userId: user.user_id, connection: where, name: 'federated', interactive: false } as const;
    await proveFirstFactor(ctx, transaction, proof);
  }
  return redirect(pagePath(RESUME, handle));
}

const DISABLED: Refusal = { error: 'invalid_request', error_description: 'the connection was disabled' };
/** Nobody is made an account where the connection wants nobody. */
export const STRANGER: Refusal = {
  error: 'access_denied',
  error_description: 'The user does not exist, and the connection does not create users.',
};
const BLOCKED: Refusal = { error: 'unauthorized', error_description: 'user is blocked' };

type Arrived = { readonly user: User; readonly connection: string } | { readonly refusal: Refusal };

async function arrive(
  ctx: Context,
  connection: Connection,
  login: UpstreamLogin,
  answer: ProviderAnswer,
): Promise<Arrived> {
  const accepted = await orRefusal(acceptAnswer(ctx, connection, login, answer), answer.error !== undefined);
  if ('refusal' in accepted) return accepted;
  const user = await ctx.store.transaction(() => keep(ctx, accepted));
  if (!user) return { refusal: STRANGER };
  return user.blocked ? { refusal: BLOCKED } : { user, connection: connection.name };
}

/** Saves the user and the provider's tokens together: in the vault where the connection wants that, else with the identity. */
async function keep(ctx: Context, { tokens, id_token, ...arrival }: Accepted): Promise<User | undefined> {
  const { connection } = arrival;
  const { vault } = federatedRules(connection);
  const { claims, scope, ...own } = tokens ?? {};
  const kept = { ...(vault ? {} : own), ...(id_token ? { id_token } : {}) };
  const user = await saveFederatedUser(ctx, { ...arrival, tokens: kept });
  if (!vault || !tokens || !user || user.blocked) return user;
  const identity = identityKey(identityOf(connection, arrival.id));
  await saveTokenset(ctx, { user_id: user.user_id, connection: connection.name, identity, tokens });
  return user;
}

type Accepted = Awaited<ReturnType<typeof acceptAnswer>>;

const parameters = Type.Object({
  state: optionalText('What was sent to the provider.'),
  code: optionalText('To be exchanged at the provider.'),
  id_token: optionalText('Of the provider, where it answers with that alone.'),
  iss: optionalText('Who answers (RFC 9207).'),
  error: optionalText('Why there is no code.'),
  error_description: optionalText('The same for people.'),
});

const ABOUT = {
  path: '/login/callback',
  tag: 'authentication',
  surface: 'page',
  replies: { 302: 'On with the login.' },
} as const;

export const federatedCallbackEndpoints: readonly Endpoint[] = [
  endpoint({
    ...ABOUT,
    method: 'GET',
    name: 'federatedCallback',
    summary: 'The way back from an identity provider.',
    query: parameters,
    handle: (ctx, { query, cookies }) => comeBack(ctx, query, cookies),
  }),
  endpoint({
    ...ABOUT,
    method: 'POST',
    name: 'federatedCallbackByForm',
    summary: 'The way back from an identity provider that answers by a form, and from a classic login page.',
    body: Type.Object({
      ...parameters.properties,
      wa: optionalText('`wsignin1.0`: it comes from a classic login page and not from a provider.'),
      wresult: optionalText('The ticket of the page.'),
      wctx: optionalText('What the page said besides, as JSON.'),
    }),
    accepts: ['form'],
    handle: (ctx, { body, cookies }) =>
      body.wa === 'wsignin1.0' ? takePageAnswer(ctx, body, cookies) : comeBack(ctx, body, cookies),
  }),
];
