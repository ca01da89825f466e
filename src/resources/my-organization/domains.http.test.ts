import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OrganizationHouse, oidcProvider, openOrganizationHouse } from '../../../test/organization-house.ts';
import type { Answer } from '../../../test/server.ts';
import { connectionsOf } from '../connections/index.ts';

let house: OrganizationHouse;

before(async () => {
  house = await openOrganizationHouse('https://idp.test');
});
after(() => house.server.close());

const detailOf = ({ status, json }: { status: number; json: Record<string, unknown> }) => [status, json.detail];
const NOT_FOUND = [404, 'The organization domain does not exist.'];
const add = async (domain: string) => (await house.call('POST', '/domains', { domain })).json;

test('added, read, listed by checkpoints', async () => {
  const { acme, call } = house;
  const { status, json } = await call('POST', '/domains', { domain: 'Acme.test' });
  assert.equal(status, 201);
  assert.match(json.id, /^ord_[A-Za-z0-9]{22}$/);
  assert.deepEqual(json, {
    id: json.id,
    org_id: acme.id,
    domain: 'acme.test',
    status: 'pending',
    verification_txt: json.verification_txt,
    verification_host: `_ss-verification.${acme.id}.acme.test`,
  });
  assert.deepEqual((await call('GET', `/domains/${json.id}`)).json, json);
  await add('two.test');
  const first = (await call('GET', '/domains?take=1')).json;
  const second = (await call('GET', `/domains?take=1&from=${first.next}`)).json;
  assert.equal(second.next, undefined);
  const names = [...first.organization_domains, ...second.organization_domains].map(({ domain }) => domain);
  assert.deepEqual(names.sort(), ['acme.test', 'two.test']);
  assert.equal((await call('POST', '/domains', { domain: 'acme.test' })).status, 409);
  assert.equal((await call('POST', '/domains', { domain: 'not a domain' })).status, 400);
  assert.equal((await call('GET', '/domains?take=101')).status, 400);
});

test('verified by whoever can publish its text, and only then', async () => {
  const { call, texts, provider } = house;
  const { id, verification_host, verification_txt } = await add('proved.test');
  const verify = async () => {
    const { status, json } = await call('POST', `/domains/${id}/verify`);
    return [status, json.status];
  };
  const idp = await call('POST', '/identity-providers', oidcProvider(provider, { name: 'proving' }));
  const associate = async () =>
    (await call('POST', `/identity-providers/${idp.json.id}/domains`, { domain: 'proved.test' })).status;
  assert.deepEqual(await verify(), [202, 'pending']);
  texts.set(verification_host, `${verification_txt}0`);
  assert.deepEqual(await verify(), [202, 'pending']);
  assert.equal(await associate(), 400);
  texts.set(verification_host, verification_txt);
  assert.deepEqual(await verify(), [202, 'verified']);
  texts.delete(verification_host);
  assert.deepEqual(await verify(), [202, 'verified']);
  assert.equal(await associate(), 201);
  const speaking = (await call('GET', `/domains/${id}/identity-providers`)).json;
  assert.deepEqual(speaking, {
    identity_providers: [{ id: idp.json.id, name: 'proving', display_name: 'proving' }],
  });
});

test('deleted, and with it what providers said of it', async () => {
  const { call, verified, acme, provider, manage } = house;
  await verified(acme, 'leaving.test');
  const idp = await call(
    'POST',
    '/identity-providers',
    oidcProvider(provider, { name: 'left', domains: ['leaving.test'] }),
  );
  const { json } = await manage('GET', `organizations/${acme.id}/discovery-domains/name/leaving.test`);
  assert.equal((await call('DELETE', `/domains/${json.id}`)).status, 204);
  assert.deepEqual(detailOf(await call('GET', `/domains/${json.id}`)), NOT_FOUND);
  assert.deepEqual((await call('GET', `/identity-providers/${idp.json.id}`)).json.domains, []);
});

test('another organization’s domain is not found; both scopes to see who speaks for one', async () => {
  const { call, token, globex, acme } = house;
  const { id } = await add('mine.test');
  const bearer = await token(globex);
  for (const [method, suffix] of [
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/verify'],
    ['GET', '/identity-providers'],
  ] as const)
    assert.deepEqual(
      detailOf(await call(method, `/domains/${id}${suffix}`, undefined, bearer)),
      NOT_FOUND,
      method + suffix,
    );
  const listed = (await call('GET', '/domains', undefined, bearer)).json.organization_domains;
  assert.deepEqual(listed, []);
  const half = await token(acme, { scope: 'read:my_org:domains' });
  assert.equal((await call('GET', `/domains/${id}`, undefined, half)).status, 200);
  assert.equal((await call('GET', `/domains/${id}/identity-providers`, undefined, half)).status, 403);
});

test('whatever takes a domain, a provider or the organization away, the provider speaks for it no more', async () => {
  const { call, acme, provider, manage, verified, server } = house;
  const aliasesOf = async (id: string) => (await connectionsOf(server.ctx).get(id))?.options.domain_aliases;
  let count = 0;
  const speaking = async () => {
    const name = `speaking-${++count}`;
    await verified(acme, `${name}.test`);
    const body = oidcProvider(provider, { name, domains: [`${name}.test`] });
    const id = (await call('POST', '/identity-providers', body)).json.id as string;
    assert.deepEqual(await aliasesOf(id), [`${name}.test`]);
    const domain = (await manage('GET', `organizations/${acme.id}/discovery-domains/name/${name}.test`)).json;
    return { id, path: `organizations/${acme.id}/discovery-domains/${domain.id}`, domain };
  };
  const ways: Record<string, (one: Awaited<ReturnType<typeof speaking>>) => Promise<Answer>> = {
    'the domain, by the tenant': ({ path }) => manage('DELETE', path),
    'its proof': ({ path }) => manage('PATCH', path, { status: 'pending' }),
    'the provider, by the tenant': ({ id }) => manage('DELETE', `organizations/${acme.id}/enabled_connections/${id}`),
    'the domain, when the provider is not the organization’s to change any more': async ({ id, domain }) => {
      await manage('PATCH', `organizations/${acme.id}/connections/${id}`, { organization_access_level: 'limited' });
      return call('DELETE', `/domains/${domain.id}`);
    },
    'the organization': () => manage('DELETE', `organizations/${acme.id}`),
  };
  for (const [what, takeAway] of Object.entries(ways)) {
    const one = await speaking();
    const { status, text } = await takeAway(one);
    assert.ok(status < 300, `${what}: ${text}`);
    assert.deepEqual(await aliasesOf(one.id), [], what);
  }
});
