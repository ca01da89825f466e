import { type Endpoint, endpoint, Type } from '../../kernel/index.ts';
import type { BeginLogin } from '../../transactions/index.ts';
import { logInBySaml } from './login.ts';
import { writeMetadata } from './metadata.ts';
import { requireSamlClient } from './saml-client.ts';

const text = (description: string) => Type.Optional(Type.String({ description }));

const CLIENT = Type.Object({ client_id: Type.String({ description: 'The application.' }) });
const MESSAGE = {
  SAMLRequest: text('The message, base64, deflated or not.'),
  RelayState: text('Comes back unchanged.'),
  SigAlg: text('Algorithm of the signature.'),
  Signature: text('Signature over the query.'),
};
const LOGIN = Type.Object({
  ...MESSAGE,
  connection: text('Limits the login to one connection.'),
  organization: text('Organization to log in to.'),
  login_hint: text('Identifier to begin with.'),
});
/** Assertions are signed XML in base64: longer than other forms. */
const LONGEST = 512 * 1024;

const metadataEndpoint = endpoint({
  method: 'GET',
  path: '/samlp/metadata/:client_id',
  name: 'getSamlMetadata',
  summary: 'What an application that speaks SAML must know of this identity provider.',
  tag: 'SAML',
  surface: 'page',
  params: CLIENT,
  query: Type.Object({
    connection: text('Goes along with every login.'),
    organization: text('Goes along with every login.'),
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

/** A login begins by either binding. */
export function samlEndpoints(beginLogin: BeginLogin): readonly Endpoint[] {
  const about = {
    path: '/samlp/:client_id',
    tag: 'SAML',
    surface: 'page',
    params: CLIENT,
    replies: { 200: 'The SAML Response, as a form that posts itself.', 302: 'To the first page.' },
  } as const;
  return [
    metadataEndpoint,
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
