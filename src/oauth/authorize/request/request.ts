import { optionalText, type Static, Type } from '../../../kernel/index.ts';
import type { StoredClient } from '../../../resources/clients/index.ts';
import type { AuthorizationRequest } from '../../../transactions/index.ts';
import { parseAuthorizationDetails } from '../../authorization-details.ts';
import { splitScope } from '../../vocabulary.ts';
import { responseTypes } from './response-types.ts';

/** Parameters of `/authorize`, in the query or in a form. Others are ignored (RFC 6749 §3.1). */
export const authorizeParameters = Type.Object({
  client_id: optionalText('The application.'),
  response_type: optionalText('`code`, `token`, `id_token`, or several of them, separated by spaces.'),
  response_mode: optionalText('How the answer comes: `query`, `fragment`, `form_post` or `web_message`.'),
  redirect_uri: optionalText('Where the answer goes: one of the allowed callback URLs.'),
  scope: optionalText('What is asked for, separated by spaces.'),
  audience: optionalText('The API that the access token is for.'),
  resource: optionalText('The same as `audience`, where the tenant accepts it.'),
  state: optionalText('Comes back unchanged.'),
  nonce: optionalText('Comes back in the ID token; needed where that comes over the browser.'),
  code_challenge: optionalText('PKCE.'),
  code_challenge_method: optionalText('`S256` or `plain`.'),
  prompt: optionalText('`none`, `login`, `consent`, `select_account`.'),
  max_age: optionalText('Seconds since the user last proved who they are.'),
  login_hint: optionalText('Identifier to begin with.'),
  screen_hint: optionalText('`signup`, `login` or `reset_password`.'),
  connection: optionalText('Limits the login to one connection.'),
  ui_locales: optionalText('Languages, most wanted first.'),
  acr_values: optionalText('Wanted authentication contexts.'),
  connection_scope: optionalText('Scopes for the identity provider, besides those of the connection.'),
  display: optionalText('For the identity provider, where the connection hands it on.'),
  access_type: optionalText('For Google.'),
  approval_prompt: optionalText('For Google.'),
  organization: optionalText('Organization to log in to.'),
  invitation: optionalText('Invitation to the organization.'),
  session_transfer_token: optionalText('Hands over the login of another application of the same user (native to web).'),
  _intstate: optionalText('Sent by login pages of operators: `state` is that of their login.'),
  owp: optionalText('`true`: as `web_message`, for the popup of auth0.js, whatever `response_mode` says.'),
  login_ticket: optionalText('What cross-origin authentication answered: the first factor is proved.'),
  realm: optionalText('The realm that the ticket was asked for with.'),
  authorization_details: optionalText('Rich authorization request: a JSON array.'),
  device: optionalText(
    'Name of the device that a refresh token is for, in logins of applications that are not OIDC conformant.',
  ),
  dpop_jkt: optionalText('Thumbprint of the DPoP key that the code is bound to.'),
  id_token_hint: optionalText('An ID token of the user who is expected.'),
  request: optionalText('Signed request.'),
  request_uri: optionalText('Pushed request.'),
});

export type AuthorizeParameters = Static<typeof authorizeParameters>;

/** RFC 6749 §3.1: a parameter without a value counts as left out. */
export function dropEmpty(parameters: AuthorizeParameters): AuthorizeParameters {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== '')) as AuthorizeParameters;
}

/** Those of `sent` that `/authorize` knows, without what else a request may carry. */
export function ownParameters(sent: AuthorizeParameters): Readonly<Record<string, string>> {
  const known = authorizeParameters.properties;
  return Object.fromEntries(Object.entries(sent).filter(([name]) => Object.hasOwn(known, name)));
}

/** A request that is being checked: what was sent, by which client, and where the answer goes. */
export interface Asked {
  readonly parameters: AuthorizeParameters;
  /** Did they come in a signed request? */
  readonly signed: boolean;
  /** The pushed request that they come from. */
  readonly pushed: string | undefined;
  readonly client: StoredClient;
  readonly redirect_uri: string;
  readonly redirect_uri_given: boolean;
}

const words = (value: string | undefined): readonly string[] => splitScope(value ?? '');

/** The values of `prompt`. */
export function prompts(parameters: AuthorizeParameters): readonly string[] {
  return words(parameters.prompt);
}

/** Members of `candidate` that have a value. */
function present<T extends object>(candidate: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(candidate).filter(([, value]) => value !== undefined)) as never;
}

/** What the server made of parameters. */
interface Resolved extends OrganizationRequest {
  readonly audience: string | undefined;
  readonly response_mode: AuthorizationRequest['response_mode'];
  /** Whom the `id_token_hint` names. */
  readonly expected_user: string | undefined;
  readonly acr: string | undefined;
}

/** What of a request is about an organization; an invitation also says who is expected, where and how. */
export type OrganizationRequest = Pick<
  AuthorizationRequest,
  'organization' | 'invitation' | 'login_hint' | 'screen_hint' | 'connection'
>;

/** What is not for us but for an identity provider that the user may go to. */
const FOR_PROVIDERS = ['connection_scope', 'display', 'access_type', 'approval_prompt'] as const;

function forProviders(parameters: AuthorizeParameters): Readonly<Record<string, string>> | undefined {
  const given = FOR_PROVIDERS.flatMap((name) => (parameters[name] === undefined ? [] : [[name, parameters[name]]]));
  return given.length > 0 ? (Object.fromEntries(given) as Record<string, string>) : undefined;
}

/** The request as the login carries it, once every check has passed. What they resolved goes before what was sent. */
export function buildRequest(
  { parameters, client, redirect_uri, redirect_uri_given, pushed }: Asked,
  { response_mode, ...resolved }: Resolved,
): AuthorizationRequest {
  const { state, nonce, code_challenge, login_hint, screen_hint, connection, max_age, ui_locales, acr_values } =
    parameters;
  const { authorization_details, dpop_jkt, device } = parameters;
  return {
    client_id: client.client_id,
    response_type: responseTypes(parameters).join(' '),
    response_mode,
    redirect_uri,
    redirect_uri_given,
    scope: words(parameters.scope),
    prompt: prompts(parameters),
    ...present({
      state,
      nonce,
      code_challenge,
      // RFC 7636 §4.3: left out, it is `plain`.
      code_challenge_method: code_challenge && ((parameters.code_challenge_method ?? 'plain') as 'S256' | 'plain'),
      login_hint,
      screen_hint,
      connection,
      max_age: max_age === undefined ? undefined : Number(max_age),
      ui_locales: ui_locales && words(ui_locales),
      acr_values: acr_values && words(acr_values),
      authorization_details: authorization_details && parseAuthorizationDetails(authorization_details),
      dpop_jkt,
      device,
      pushed_request: pushed,
      upstream: forProviders(parameters),
      ...resolved,
    }),
  } as AuthorizationRequest;
}
