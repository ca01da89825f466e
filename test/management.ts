import { signJwt } from '../src/platform/crypto/index.ts';
import { currentSigner } from '../src/resources/keys/index.ts';
import type { Answer, TestTenant } from './server.ts';

/** A Management API token of `tenant` with these scopes, as its own issuer mints them, for no client unless `claims` have an `azp`. */
export async function managementToken(
  tenant: TestTenant,
  scopes: readonly string[],
  claims: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const now = Math.floor(tenant.ctx.clock.now() / 1000);
  return signJwt(await currentSigner(tenant.ctx), {
    iss: tenant.issuer,
    sub: 'tests@clients',
    aud: `${tenant.issuer}api/v2/`,
    iat: now,
    exp: now + 86400,
    scope: scopes.join(' '),
    gty: 'client-credentials',
    ...claims,
  });
}

/** One resource of the Management API, asked with a token for all that can be done there. */
export interface ManagedResource {
  create(json: object): Promise<Answer>;
  /** `rest` is what comes after the resource's name in the address. */
  get(rest?: string): Promise<Answer>;
  patch(id: string, json: object): Promise<Answer>;
  remove(id: string): Promise<Answer>;
}

/** The resource at `/api/v2/<name>`, whose scopes are called `<verb>:<name>`, with underscores. */
export async function managedResource(tenant: TestTenant, name: string): Promise<ManagedResource> {
  const scopes = ['create', 'read', 'update', 'delete'].map((verb) => `${verb}:${name.replaceAll('-', '_')}`);
  const bearer = await managementToken(tenant, scopes);
  const path = `/api/v2/${name}`;
  return {
    create: (json) => tenant.post(path, { bearer, json }),
    get: (rest = '') => tenant.get(path + rest, { bearer }),
    patch: (id, json) => tenant.request('PATCH', `${path}/${id}`, { bearer, json }),
    remove: (id) => tenant.request('DELETE', `${path}/${id}`, { bearer }),
  };
}
