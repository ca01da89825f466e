import { randomInt } from 'node:crypto';
import { API } from './fixtures.ts';
import { clean, fileOf, form, type House, load, manage, type Row } from './house.ts';
import { clientAssertion, dpopProof, newKey, pkceChallenge } from './proofs.ts';

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';

/** The rows of clients that prove themselves by keys, and of requests that come ahead of the user. */
export async function proofRows(house: House): Promise<Row[]> {
  return [
    { what: 'client_credentials by private_key_jwt (ES256)', perSecond: await byAssertion(house) },
    { what: 'client_credentials with DPoP (ES256)', perSecond: await withProof(house) },
    { what: 'pushed authorization request', perSecond: await push(house) },
    { what: 'device code, polled while pending', perSecond: await poll(house) },
  ];
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

/** Every request has a signature of its own, made in advance: there are enough for a part of the usual time. */
const SHORTER_S = 3;

async function grantedClient(house: House, body: object): Promise<string> {
  const client = await manage(house, 'POST', 'clients', {
    app_type: 'non_interactive',
    grant_types: ['client_credentials'],
    ...body,
  });
  const client_id = client.client_id ?? '';
  await manage(house, 'POST', 'client-grants', { client_id, audience: API, scope: ['read'] });
  return client_id;
}

async function byAssertion(house: House): Promise<number> {
  const key = newKey();
  const credential = { credential_type: 'public_key', pem: key.pem, alg: 'ES256' };
  const client_id = await grantedClient(house, {
    name: 'Bench, by assertion',
    client_authentication_methods: { private_key_jwt: { credentials: [credential] } },
  });
  const issuer = `${house.url}/`;
  const lines = times(house.prepared, () =>
    form({
      grant_type: 'client_credentials',
      audience: API,
      client_id,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: clientAssertion(issuer, client_id, key.privateKey),
    }),
  );
  return clean(await load(house, '/oauth/token', 'each.lua', [fileOf(house, 'assertions.txt', lines)], SHORTER_S));
}

async function withProof(house: House): Promise<number> {
  const key = newKey();
  const client = await manage(house, 'POST', 'clients', {
    name: 'Bench, with DPoP',
    app_type: 'non_interactive',
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['client_credentials'],
  });
  const { client_id = '', client_secret = '' } = client;
  await manage(house, 'POST', 'client-grants', { client_id, audience: API, scope: ['read'] });
  const body = form({ grant_type: 'client_credentials', audience: API, client_id, client_secret });
  const url = `${house.url}/oauth/token`;
  const lines = times(house.prepared, () => `DPoP: ${dpopProof(url, key)}\t${body}`);
  return clean(await load(house, '/oauth/token', 'each.lua', [fileOf(house, 'proofs.txt', lines)], SHORTER_S));
}

async function push(house: House): Promise<number> {
  const { app, callback } = house.fixtures;
  await manage(house, 'PATCH', 'tenants/settings', { pushed_authorization_requests_supported: true });
  const body = form({
    client_id: app.id,
    client_secret: app.secret,
    response_type: 'code',
    redirect_uri: callback,
    scope: 'openid',
    audience: API,
    state: 'bench',
    code_challenge: pkceChallenge(),
    code_challenge_method: 'S256',
  });
  return clean(await load(house, '/oauth/par', 'post.lua', [body]));
}

/** Each code is polled once, as whoever polls again at once is told to slow down. The answer is a refusal: it is looked at beforehand. */
async function poll(house: House): Promise<number> {
  const { client_id = '' } = await manage(house, 'POST', 'clients', {
    name: 'Bench, a device',
    app_type: 'native',
    token_endpoint_auth_method: 'none',
    oidc_conformant: true,
    grant_types: [DEVICE_CODE],
  });
  const bodies: string[] = [];
  const lane = async () => {
    while (bodies.length < house.prepared / 4) bodies.push(await pendingPoll(house, client_id));
  };
  await Promise.all(times(16, lane));
  const looked = await post(house, '/oauth/token', bodies.pop() ?? '');
  if (looked.error !== 'authorization_pending') throw new Error(`a poll was answered ${JSON.stringify(looked)}`);
  const { perSecond } = await load(house, '/oauth/token', 'each.lua', [fileOf(house, 'devices.txt', bodies)], 1);
  return perSecond;
}

async function pendingPoll(house: House, client_id: string): Promise<string> {
  const body = form({ client_id, scope: 'openid' });
  const { device_code = '' } = await post(house, '/oauth/device/code', body, someAddress());
  return form({ grant_type: DEVICE_CODE, client_id, device_code });
}

const someAddress = () => ({ 'x-forwarded-for': `198.18.${randomInt(256)}.${randomInt(256)}` });

async function post(
  { url }: House,
  path: string,
  body: string,
  more: Record<string, string> = {},
): Promise<Record<string, string>> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...more };
  const answer = await fetch(url + path, { method: 'POST', headers, body });
  return (await answer.json()) as Record<string, string>;
}
