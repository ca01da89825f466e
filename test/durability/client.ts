/** The application that talks to the server under test: one call each, without judging the answer. */
import { newVisitor, unescapeHtml, type Visitor } from '../compat/visitor.ts';
import { ALL_GRANTS, CONNECTION, MFA_OTP, MFA_RECOVERY_CODE, PASSWORD, PASSWORD_REALM } from '../fixtures.ts';
import { ask, managementToken, PRODUCTION, type Reply } from '../process/server-process.ts';

export const CALLBACK = 'https://app.test/callback';
const ISSUER = `${PRODUCTION.COUNTERSIGN_URL}/`;

export type Credentials = { readonly client_id: string; readonly client_secret: string };

export interface Application {
  signUp(email: string): Promise<Reply>;
  /** Password grant with a refresh token. */
  logIn(email: string): Promise<Reply>;
  refresh(refresh_token: string): Promise<Reply>;
  /** An authorization code, by the pages of a browser: the second time without a password. */
  authorize(email: string): Promise<string>;
  exchange(code: string): Promise<Reply>;
  /** Password grant for the MFA API. */
  mfaLogIn(email: string): Promise<Reply>;
  associate(mfaToken: string): Promise<Reply>;
  authenticators(mfaToken: string): Promise<Reply>;
  otp(mfaToken: string, otp: string): Promise<Reply>;
  recover(mfaToken: string, recovery_code: string): Promise<Reply>;
}

/** The application with `credentials`, speaking to the server at `port`. */
export function application(port: number, credentials: Credentials): Application {
  const token = (form: Record<string, string>) =>
    ask(port, { path: '/oauth/token', form: { ...credentials, ...form } });
  const logIn = (email: string, more: Record<string, string>) =>
    token({ grant_type: PASSWORD_REALM, realm: CONNECTION, username: email, password: PASSWORD, ...more });
  const visitors = new Map<string, Visitor>();
  const bearer = (mfaToken: string) => ({ headers: { authorization: `Bearer ${mfaToken}` } });
  return {
    signUp: (email) =>
      ask(port, {
        path: '/dbconnections/signup',
        json: { client_id: credentials.client_id, connection: CONNECTION, email, password: PASSWORD },
      }),
    logIn: (email) => logIn(email, { scope: 'openid offline_access' }),
    refresh: (refresh_token) => token({ grant_type: 'refresh_token', refresh_token }),
    async authorize(email) {
      const origin = `http://localhost:${port}`;
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: credentials.client_id,
        redirect_uri: CALLBACK,
        scope: 'openid',
        state: 'x',
      });
      const visitor = visitors.get(email) ?? newVisitor(origin);
      visitors.set(email, visitor);
      let page = await visitor.open(`${origin}/authorize?${query}`);
      for (let step = 0; step < 3 && page.url.origin === origin; step++)
        page = await visitor.submit(page, { username: email, password: PASSWORD, action: 'default' });
      const code = page.url.searchParams.get('code');
      if (!code) throw new Error(`no code: ${page.status} ${page.url.href} ${unescapeHtml(page.html).slice(0, 500)}`);
      return code;
    },
    exchange: (code) => token({ grant_type: 'authorization_code', code, redirect_uri: CALLBACK }),
    mfaLogIn: (email) => logIn(email, { audience: `${ISSUER}mfa/`, scope: 'enroll read:authenticators' }),
    associate: (mfaToken) =>
      ask(port, { path: '/mfa/associate', json: { authenticator_types: ['otp'] }, ...bearer(mfaToken) }),
    authenticators: (mfaToken) => ask(port, { path: '/mfa/authenticators', ...bearer(mfaToken) }),
    otp: (mfa_token, otp) => token({ grant_type: MFA_OTP, mfa_token, otp }),
    recover: (mfa_token, recovery_code) => token({ grant_type: MFA_RECOVERY_CODE, mfa_token, recovery_code }),
  };
}

async function managed(port: number, method: string, path: string, json?: unknown): Promise<Reply> {
  const headers = { authorization: `Bearer ${await managementToken(port)}` };
  const reply = await ask(port, { method, path: `/api/v2${path}`, headers, ...(json === undefined ? {} : { json }) });
  if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
  return reply;
}

/** Makes the application, with rotating refresh tokens, on the tenant's database of people. */
export async function registerApplication(port: number): Promise<Credentials> {
  const { client_id, client_secret } = (
    await managed(port, 'POST', '/clients', {
      name: 'Durable',
      app_type: 'regular_web',
      oidc_conformant: true,
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ALL_GRANTS,
      callbacks: [CALLBACK],
      skip_non_verifiable_callback_uri_confirmation_prompt: true,
      refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0 },
    })
  ).json;
  const [connection] = (await managed(port, 'GET', `/connections?name=${CONNECTION}`)).json;
  await managed(port, 'PATCH', `/connections/${connection.id}/clients`, [{ client_id, status: true }]);
  return { client_id, client_secret };
}
