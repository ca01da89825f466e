import {
  type Context,
  type Endpoint,
  endpoint,
  oauthError,
  optionalText,
  type Reply,
  Type,
} from '../../kernel/index.ts';
import type { BeginLogin, Cookies } from '../../transactions/index.ts';
import { writeFederationMetadata } from './metadata.ts';
import { requireRelyingParty } from './relying-party.ts';
import { type SignInParameters, signIn } from './sign-in.ts';
import { signOut } from './sign-out.ts';

const CLIENT = Type.Object({ client_id: Type.String({ description: 'The application.' }) });
const PARAMETERS = Type.Object({
  wa: optionalText('`wsignin1.0` (default), `wsignout1.0` or `wsignoutcleanup1.0`.'),
  wtrealm: optionalText('The application, by `urn:<client_id>` or one of its aliases.'),
  wreply: optionalText('Where the answer goes: one of its callbacks, or at a logout of its logout URLs.'),
  wctx: optionalText('Comes back unchanged.'),
  whr: optionalText('Limits the login to one connection, by its name or `urn:` and its name.'),
  wfresh: optionalText('Minutes that the login may be old; 0: the user must log in again.'),
  wauth: optionalText('The method of authentication that is required.'),
  wreq: optionalText('A RequestSecurityToken that says which token is wanted.'),
});
type Parameters = SignInParameters & { readonly wa?: string | undefined };

const SIGN_OUT = ['wsignout1.0', 'wsignoutcleanup1.0'];
const METADATA = 'FederationMetadata/2007-06/FederationMetadata.xml';

function answer(ctx: Context, asked: Parameters, cookies: Cookies, beginLogin: BeginLogin): Promise<Reply> {
  if (!asked.wa || asked.wa === 'wsignin1.0') return signIn(ctx, asked, cookies, beginLogin);
  if (SIGN_OUT.includes(asked.wa)) return signOut(ctx, asked);
  throw oauthError(400, 'invalid_request', 'The wa is not supported');
}

async function metadata(ctx: Context, path: string): Promise<Reply> {
  const body = await writeFederationMetadata(ctx, `${ctx.issuer}${path}`);
  return { status: 200, type: 'text', body, headers: { 'content-type': 'application/xml' } };
}

const about = { tag: 'WS-Federation', surface: 'page' } as const;
const replies = { 200: 'The token, as a form that posts itself.', 302: 'To the first page, or to the logout.' };
const META = { ...about, method: 'GET', replies: { 200: 'Federation metadata, an XML document.' } } as const;
const summary = 'Begins a login, or a logout, of an application that speaks WS-Federation';

/** `/wsfed`, where the realm names the application, and `/wsfed/{client_id}`. */
export function wsFederationEndpoints(beginLogin: BeginLogin): readonly Endpoint[] {
  return [
    endpoint({
      ...META,
      path: `/wsfed/${METADATA}`,
      name: 'getFederationMetadata',
      summary: 'What an application that speaks WS-Federation must know of this identity provider',
      handle: (ctx) => metadata(ctx, 'wsfed'),
    }),
    endpoint({
      ...META,
      path: `/wsfed/:client_id/${METADATA}`,
      name: 'getFederationMetadataOfClient',
      summary: 'The same, for one application',
      params: CLIENT,
      async handle(ctx, { params }) {
        const { client } = await requireRelyingParty(ctx, params.client_id, undefined);
        return metadata(ctx, `wsfed/${client.client_id}`);
      },
    }),
    ...loginEndpoints('/wsfed', 'wsFederation', beginLogin),
    ...loginEndpoints('/wsfed/:client_id', 'wsFederationOfClient', beginLogin, CLIENT),
  ];
}

function loginEndpoints(path: string, name: string, beginLogin: BeginLogin, params?: typeof CLIENT): Endpoint[] {
  const shared = { ...about, path, replies, ...(params ? { params } : {}) };
  return [
    endpoint({
      ...shared,
      method: 'GET',
      name,
      summary: `${summary}.`,
      query: PARAMETERS,
      handle: (ctx, { params: of, query, cookies }) =>
        answer(ctx, { ...(of as { client_id?: string }), ...query }, cookies, beginLogin),
    }),
    endpoint({
      ...shared,
      method: 'POST',
      name: `${name}ByForm`,
      summary: `${summary}, by a form.`,
      body: PARAMETERS,
      accepts: ['form'],
      handle: (ctx, { params: of, body, cookies }) =>
        answer(ctx, { ...(of as { client_id?: string }), ...body }, cookies, beginLogin),
    }),
  ];
}
