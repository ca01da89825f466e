import { type Endpoint, endpoint, optionalText, Type } from '../../kernel/index.ts';
import type { BeginLogin } from '../../transactions/index.ts';
import { logInBySaml } from './login.ts';
import { beginRound, type EndBrowserSession, logOutBySaml } from './logout.ts';
import { ROUND_PATH } from './logout-round.ts';
import { writeMetadata } from './metadata.ts';
import { requireSamlClient } from './saml-client.ts';

const CLIENT = Type.Object({ client_id: Type.String({ description: 'The application.' }) });
const MESSAGE = {
  SAMLRequest: optionalText('The message, base64, deflated or not.'),
  RelayState: optionalText('Comes back unchanged.'),
  SigAlg: optionalText('Algorithm of the signature.'),
  Signature: optionalText('Signature over the query.'),
};
const LOGIN = Type.Object({
  ...MESSAGE,
  connection: optionalText('Limits the login to one connection.'),
  organization: optionalText('Organization to log in to.'),
  login_hint: optionalText('Identifier to begin with.'),
});
/** Messages are signed XML in base64, longer than other forms. What comes along is kept until the login ends. */
const LONGEST = 128 * 1024;

const metadataEndpoint = endpoint({
  method: 'GET',
  path: '/samlp/metadata/:client_id',
  name: 'getSamlMetadata',
  summary: 'What an application that speaks SAML must know of this identity provider.',
  tag: 'SAML',
  surface: 'page',
  params: CLIENT,
  query: Type.Object({
    connection: optionalText('Goes along with every login.'),
    organization: optionalText('Goes along with every login.'),
  }),
  replies: { 200: 'SAML metadata, an XML document.' },
  async handle(ctx, { params, query }) {
    const saml = await requireSamlClient(ctx, params.client_id);
    const { connection, organization } = query;
    const body = await writeMetadata(ctx, saml, { connection, organization });
    const file = `${ctx.tenant.name}-metadata.xml`;
    const headers = { 'content-type': 'application/xml', 'content-disposition': `attachment; filename="${file}"` };
    return { status: 200, type: 'text', body, headers };
  },
});

const roundEndpoint = endpoint({
  method: 'GET',
  path: ROUND_PATH,
  name: 'samlLogoutRound',
  summary: 'Tells applications that speak SAML of a logout, one after the other.',
  tag: 'SAML',
  surface: 'page',
  query: Type.Object({ state: optionalText('The logout.') }),
  replies: { 200: 'A logout request, as a form that posts itself.', 302: 'On to where the logout leads.' },
  handle: (ctx, { query }) => beginRound(ctx, query.state),
});

/** What the protocol needs of the rest of the server. */
export interface SamlHost {
  readonly beginLogin: BeginLogin;
  readonly endBrowserSession: EndBrowserSession;
}

/** Logins and logouts, by either binding; metadata. */
export function samlEndpoints(host: SamlHost): readonly Endpoint[] {
  return [metadataEndpoint, roundEndpoint, ...loginEndpoints(host), ...logoutEndpoints(host)];
}

function loginEndpoints({ beginLogin }: SamlHost): readonly Endpoint[] {
  const about = {
    path: '/samlp/:client_id',
    tag: 'SAML',
    surface: 'page',
    params: CLIENT,
    replies: { 200: 'The SAML Response, as a form that posts itself.', 302: 'To the first page.' },
  } as const;
  return [
    endpoint({
      ...about,
      method: 'GET',
      name: 'samlLogin',
      summary: 'Begins a login (HTTP-Redirect), or one that no application asked for.',
      query: LOGIN,
      handle: (ctx, { params, query, url, cookies }) =>
        logInBySaml(ctx, params.client_id, { ...query, query: url.search }, cookies, beginLogin),
    }),
    endpoint({
      ...about,
      method: 'POST',
      name: 'samlLoginByForm',
      summary: 'Begins a login (HTTP-POST).',
      query: Type.Pick(LOGIN, ['connection', 'organization', 'login_hint']),
      body: LOGIN,
      accepts: ['form'],
      bodyLimit: LONGEST,
      handle: (ctx, { params, query, body, cookies }) =>
        logInBySaml(ctx, params.client_id, { ...query, ...body }, cookies, beginLogin),
    }),
  ];
}

function logoutEndpoints({ endBrowserSession }: SamlHost): readonly Endpoint[] {
  const about = {
    path: '/samlp/:client_id/logout',
    tag: 'SAML',
    surface: 'page',
    params: CLIENT,
    replies: {
      200: 'A logout message, as a form that posts itself.',
      302: 'On with a logout message, or to where it leads.',
    },
  } as const;
  const message = Type.Object({ ...MESSAGE, SAMLResponse: optionalText('An answer, base64, deflated or not.') });
  return [
    endpoint({
      ...about,
      method: 'GET',
      name: 'samlLogout',
      summary: 'Ends a session for all applications that speak SAML (HTTP-Redirect).',
      query: message,
      handle: (ctx, { params, query, url, cookies }) =>
        logOutBySaml(ctx, params.client_id, { ...query, query: url.search }, cookies, endBrowserSession),
    }),
    endpoint({
      ...about,
      method: 'POST',
      name: 'samlLogoutByForm',
      summary: 'Ends a session for all applications that speak SAML (HTTP-POST).',
      body: message,
      accepts: ['form'],
      bodyLimit: LONGEST,
      handle: (ctx, { params, body, cookies }) => logOutBySaml(ctx, params.client_id, body, cookies, endBrowserSession),
    }),
  ];
}
