/** Good tokens of a tenant, one for each of its own APIs. */
import assert from 'node:assert/strict';
import { addApplication, addManagementClient, addPerson, CONNECTION, PASSWORD, PASSWORD_REALM } from './fixtures.ts';
import type { Answer, TestTenant } from './server.ts';

export interface Tokens {
  readonly management: string;
  /** For the MFA API, with all its scopes. */
  readonly mfa: string;
  readonly userinfo: string;
}

/** Whose the second and the third token are. */
export const SOMEBODY = 'ada@example.test';

/** Makes applications and a person in `tenant`, and gets the tokens. */
export async function obtainTokens(tenant: TestTenant): Promise<Tokens> {
  const machine = await addManagementClient(tenant.ctx);
  const client = await addApplication(tenant.ctx);
  await addPerson(tenant.ctx, SOMEBODY);
  const token = async (form: Record<string, string>) => tokenOf(await tenant.post('/oauth/token', { form }));
  const login = { grant_type: PASSWORD_REALM, realm: CONNECTION, username: SOMEBODY, password: PASSWORD, ...client };
  const mfa = { audience: `${tenant.issuer}mfa/`, scope: 'enroll read:authenticators remove:authenticators' };
  return {
    management: await token({ grant_type: 'client_credentials', audience: `${tenant.issuer}api/v2/`, ...machine }),
    mfa: await token({ ...login, ...mfa }),
    userinfo: await token({ ...login, scope: 'openid profile email' }),
  };
}

function tokenOf(answer: Answer): string {
  assert.equal(answer.status, 200, answer.text);
  return answer.json.access_token as string;
}
