/** Metadata documents and key sets as a way into the network around the server. */
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { after, before, test } from 'node:test';
import { createOutbound, type GuardedOutbound } from '../../src/platform/outbound/index.ts';
import { clientsOf } from '../../src/resources/clients/index.ts';
import { documentHost } from '../document-host.ts';
import { managementToken } from '../management.ts';
import { type TestServer, testServer } from '../server.ts';
import { changeSettings } from '../token-fixture.ts';

/** What the names of an attacker lead to. */
const NAMES: Readonly<Record<string, string>> = {
  'loopback.evil.test': '127.0.0.1',
  'loopback6.evil.test': '::1',
  'mapped.evil.test': '::ffff:127.0.0.1',
  'private.evil.test': '10.0.0.1',
  'metadata.evil.test': '169.254.169.254',
};

const host = documentHost();
const lookup = async (name: string) => {
  const address = NAMES[name];
  if (address === undefined) throw new Error('ENOTFOUND');
  return [{ address, family: address.includes(':') ? (6 as const) : (4 as const) }];
};
const guarded = createOutbound({ allowPrivateAddresses: false, lookup });
/** Documents that are published come from there; all else goes the way that production goes. */
const outbound: GuardedOutbound = {
  ...guarded,
  request: (wanted) => (host.pages.has(wanted.url) ? host.outbound : guarded).request(wanted),
};

let server: TestServer;
let bearer: string;
let inside: Server;
let port: number;
let connections = 0;

before(async () => {
  inside = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((listening) => inside.listen(0, '127.0.0.1', listening));
  port = (inside.address() as AddressInfo).port;
  server = await testServer({ outbound });
  await changeSettings(server.ctx, { client_id_metadata_document_supported: true });
  bearer = await managementToken(server, ['create:clients']);
});
after(async () => {
  await server.close();
  inside.close();
});

async function send(what: 'preview' | 'register', external_client_id: string) {
  const count = await clientsOf(server.ctx).count();
  const answer = await server.post(`/api/v2/clients/cimd/${what}`, { bearer, json: { external_client_id } });
  assert.equal(await clientsOf(server.ctx).count(), count);
  assert.equal(connections, 0, 'nobody inside was asked');
  return answer;
}

test('names and addresses that lead inside: all refused alike, as if nobody were there', async () => {
  const hosts = [
    ...Object.keys(NAMES),
    '10.0.0.1',
    '169.254.169.254',
    '192.168.0.1',
    '[fd00::1]',
    '0.0.0.0',
    'nobody.evil.test',
  ];
  for (const name of hosts) {
    const url = `https://${name}:${port}/client.json`;
    const why = `The Client Metadata at ${url} could not be retrieved: it cannot be reached.`;
    const registered = await send('register', url);
    assert.deepEqual([registered.status, registered.json.message], [400, why]);
    assert.deepEqual((await send('preview', url)).json, { errors: [why] });
  }
});

test('the machine itself is refused by its name', async () => {
  for (const name of ['localhost', '127.0.0.1', '127.1', '2130706433', '[::1]', 'a.localhost']) {
    const { status, json } = await send('register', `https://${name}:${port}/client.json`);
    assert.deepEqual([status, /local host|Payload validation error/.test(json.message)], [400, true], json.message);
  }
});

test('a document from outside whose keys lead inside', async () => {
  const origin = `https://loopback.evil.test:${port}`;
  const url = `${origin}/client.json`;
  const document = {
    client_id: url,
    client_name: 'Evil',
    redirect_uris: [`${origin}/callback`],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'private_key_jwt',
  };
  for (const [jwks_uri, why] of [
    [`${origin}/jwks.json`, /could not be retrieved: it cannot be reached/],
    [`https://127.0.0.1:${port}/jwks.json`, /same origin/],
    [`https://${new URL(origin).host}@127.0.0.1:${port}/`, /same origin/],
    ['https://169.254.169.254/latest/meta-data', /same origin/],
    ['file:///etc/passwd', /same origin/],
  ] as const) {
    host.pages.set(url, { body: { ...document, jwks_uri } });
    const { status, json } = await send('register', url);
    assert.equal(status, 400);
    assert.match(json.message, why);
  }
});

test('without the guard it would be asked', async () => {
  const open = createOutbound({ allowPrivateAddresses: true, lookup });
  await assert.rejects(open.request({ url: `https://loopback.evil.test:${port}/client.json` }));
  await open.close();
  assert.equal(connections, 1);
});
