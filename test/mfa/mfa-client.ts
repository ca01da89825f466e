/** A client of the MFA API, as tests need it: the grants and `/mfa/*` with one application and one person. */
import { totpAt } from '../../src/platform/crypto/index.ts';
import {
  addApplication,
  addPerson,
  CONNECTION,
  type Credentials,
  MFA_OOB,
  MFA_OTP,
  MFA_RECOVERY_CODE,
  PASSWORD,
  PASSWORD_REALM,
} from '../fixtures.ts';
import type { Answer, TestServer } from '../server.ts';

export interface MfaClient {
  readonly credentials: Credentials;
  readonly email: string;
  /** Password grant; by default without audience. */
  login(extra?: Record<string, string>): Promise<Answer>;
  /** The `mfa_token` of a login that needs a second factor. */
  mfaToken(): Promise<string>;
  /** An access token for the MFA API, of a login that needs no second factor. */
  accessToken(scope?: string): Promise<string>;
  token(form: Record<string, string | undefined>): Promise<Answer>;
  otp(mfaToken: string, otp: string): Promise<Answer>;
  oob(mfaToken: string, oobCode: string, bindingCode?: string): Promise<Answer>;
  recover(mfaToken: string, recoveryCode: string): Promise<Answer>;
  associate(bearer: string, body: Record<string, unknown>): Promise<Answer>;
  challenge(mfaToken: string, body?: Record<string, unknown>): Promise<Answer>;
  list(bearer: string): Promise<Answer>;
  remove(bearer: string, id: string): Promise<Answer>;
  /** The digits that an app with `secret` shows, `steps` from now. */
  code(secret: string, steps?: number): string;
  /** Enrols and confirms an app; answers its secret. The code of the present step is used up. */
  enrollOtp(bearer?: string): Promise<{ secret: string; recovery_code?: string }>;
  enrollSms(bearer: string, phone_number?: string): Promise<void>;
  /** The code in the newest message. */
  lastCode(channel?: string): Promise<string>;
}

/** An application and a person of `server`, who calls the MFA API with them. */
export async function mfaClient(
  server: TestServer,
  options: { email?: string; credentials?: Credentials } = {},
): Promise<MfaClient> {
  const email = options.email ?? 'ada@example.test';
  const credentials = options.credentials ?? (await addApplication(server.ctx));
  await addPerson(server.ctx, email);
  const token = (form: Record<string, string | undefined>) =>
    server.post('/oauth/token', { form: { ...credentials, ...form } });
  const client: MfaClient = {
    credentials,
    email,
    token,
    login: (extra = {}) =>
      token({ grant_type: PASSWORD_REALM, realm: CONNECTION, username: email, password: PASSWORD, ...extra }),
    mfaToken: async () => (await client.login()).json.mfa_token,
    accessToken: async (scope = 'enroll read:authenticators remove:authenticators') =>
      (await client.login({ audience: `${server.issuer}mfa/`, scope })).json.access_token,
    otp: (mfa_token, otp) => token({ grant_type: MFA_OTP, mfa_token, otp }),
    oob: (mfa_token, oob_code, binding_code) => token({ grant_type: MFA_OOB, mfa_token, oob_code, binding_code }),
    recover: (mfa_token, recovery_code) => token({ grant_type: MFA_RECOVERY_CODE, mfa_token, recovery_code }),
    associate: (bearer, json) => server.post('/mfa/associate', { bearer, json }),
    challenge: (mfa_token, body = {}) =>
      server.post('/mfa/challenge', { json: { ...credentials, mfa_token, ...body } }),
    list: (bearer) => server.get('/mfa/authenticators', { bearer }),
    remove: (bearer, id) => server.request('DELETE', `/mfa/authenticators/${encodeURIComponent(id)}`, { bearer }),
    code: (secret, steps = 0) => totpAt(secret, server.clock.now() + steps * 30_000),
    async enrollOtp(bearer) {
      const mfaToken = bearer ?? (await client.mfaToken());
      const { secret, recovery_codes } = (await client.associate(mfaToken, { authenticator_types: ['otp'] })).json;
      const confirmed = await client.otp(mfaToken, client.code(secret));
      if (confirmed.status !== 200) throw new Error(`not enrolled: ${confirmed.text}`);
      return { secret, ...(recovery_codes ? { recovery_code: recovery_codes[0] } : {}) };
    },
    async enrollSms(bearer, phone_number = '+15551239167') {
      const body = { authenticator_types: ['oob'], oob_channels: ['sms'], phone_number };
      const { oob_code } = (await client.associate(bearer, body)).json;
      const confirmed = await client.oob(bearer, oob_code, await client.lastCode());
      if (confirmed.status !== 200) throw new Error(`not enrolled: ${confirmed.text}`);
    },
    async lastCode(channel = 'sms') {
      const [message] = await server.messages({ channel });
      if (!message?.code) throw new Error(`no ${channel} with a code`);
      return message.code;
    },
  };
  return client;
}
