import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, type TestContext, test } from 'node:test';
import type { HostLookup, OutboundOptions, ResolvedAddress } from './index.ts';
import { createOutbound, OutboundFailed, OutboundRefused } from './index.ts';

const refused = (reason: string) => (error: unknown) => {
  assert.ok(error instanceof OutboundRefused, String(error));
  assert.equal(error.reason, reason);
  return true;
};

const failed = (reason: string) => (error: unknown) => {
  assert.ok(error instanceof OutboundFailed, String(error));
  assert.equal(error.reason, reason);
  return true;
};

async function serve(context: TestContext, answer: RequestListener): Promise<{ port: number; hits: () => number }> {
  let hits = 0;
  const server = createServer((request, response) => {
    hits += 1;
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, hits: () => hits };
}

function outboundFor(context: TestContext, options: OutboundOptions) {
  const outbound = createOutbound(options);
  context.after(() => outbound.close());
  return outbound;
}

const resolvesTo =
  (...addresses: string[]): HostLookup =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

test('sends method, headers and body, and gives back status, headers and body', async (context) => {
  const { port } = await serve(context, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.writeHead(201, { 'x-two': ['a', 'b'] });
    response.end(
      JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body: `${chunks}` }),
    );
  });
  const outbound = outboundFor(context, { allowPrivateAddresses: true });
  const answer = await outbound.request({
    url: `http://127.0.0.1:${port}/path?x=1`,
    method: 'POST',
    headers: { 'Content-Type': 'text/plain' },
    body: 'grüße',
  });
  assert.equal(answer.status, 201);
  assert.equal(answer.headers['x-two'], 'a, b');
  assert.deepEqual(JSON.parse(answer.text()), answer.json());
  const seen = answer.json() as Record<string, unknown>;
  const headers = seen.headers as Record<string, string>;
  assert.deepEqual([seen.method, seen.url, seen.body], ['POST', '/path?x=1', 'grüße']);
  assert.equal(headers['content-type'], 'text/plain');
  assert.equal(headers.host, `127.0.0.1:${port}`);
  assert.equal(headers['user-agent'], 'countersign');
});

test('refuses what is not a plain http or https URL', async (context) => {
  const outbound = outboundFor(context, { allowPrivateAddresses: true });
  const cases: [string, string][] = [
    ['', 'invalid_url'],
    ['/relative', 'invalid_url'],
    ['http://', 'invalid_url'],
    ['http://exa mple.com/', 'invalid_url'],
    ['ftp://example.com/', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['data:text/plain,hello', 'scheme'],
    ['http://user@example.com/', 'credentials_in_url'],
    ['https://user:pass@example.com/', 'credentials_in_url'],
    ['https://:pass@example.com/', 'credentials_in_url'],
  ];
  for (const [url, reason] of cases) await assert.rejects(outbound.request({ url }), refused(reason), url);
});

test('refuses addresses inside, however they are written', async (context) => {
  const lookup: HostLookup = () => assert.fail('a literal address must not be looked up');
  const outbound = outboundFor(context, { allowPrivateAddresses: false, lookup });
  const hosts = [
    ...['127.0.0.1', '127.1', '0x7f.1', '0177.0.0.1', '2130706433', '0x7f000001', '0', '10.0.0.1', '192.168.1.1'],
    ...['172.16.0.1', '100.64.0.1', '169.254.169.254', '224.0.0.1', '255.255.255.255', '１２７.0.0.1', '127.0.0.1.'],
    ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:8.8.8.8]', '[64:ff9b::127.0.0.1]', '[fe80::1]', '[fd00::1]'],
  ];
  for (const host of hosts) {
    await assert.rejects(outbound.request({ url: `http://${host}/` }), refused('address'), host);
    await assert.rejects(outbound.request({ url: `https://${host}:8443/x` }), refused('address'), host);
  }
});

test('refuses a name whose every address is inside', async (context) => {
  const lookup = resolvesTo('127.0.0.1', '::1', '169.254.169.254');
  const outbound = outboundFor(context, { allowPrivateAddresses: false, lookup });
  await assert.rejects(outbound.request({ url: 'http://innocent.example/' }), refused('address'));
  await assert.rejects(outbound.request({ url: 'https://innocent.example/' }), refused('address'));
});

test('with private addresses allowed, metadata and link-local stay closed', async (context) => {
  const outbound = outboundFor(context, { allowPrivateAddresses: true, lookup: resolvesTo('169.254.169.254') });
  for (const host of ['169.254.169.254', '[fd00:ec2::254]', '[::ffff:169.254.169.254]', '0.0.0.0', 'meta.example']) {
    await assert.rejects(outbound.request({ url: `http://${host}/` }), refused('address'), host);
  }
});

test('a name that turns to an inside address after the first answer is not followed', async (context) => {
  const { port, hits } = await serve(context, (_, response) => response.end('inside'));
  const answers = [resolvesTo('192.0.43.8'), resolvesTo('127.0.0.1')];
  let asked = 0;
  const lookup: HostLookup = (hostname) => answers[Math.min(asked++, 1)]!(hostname);
  const outbound = outboundFor(context, { allowPrivateAddresses: false, lookup });
  assert.equal(await outbound.resolve('rebind.example', port), '192.0.43.8');
  await assert.rejects(outbound.request({ url: `http://rebind.example:${port}/` }), refused('address'));
  assert.equal(asked, 2);
  assert.equal(hits(), 0);
});

test('the connection goes to the address that was checked and nobody is asked again', async (context) => {
  const { port, hits } = await serve(context, (request, response) => response.end(request.headers.host));
  let asked = 0;
  const lookup: HostLookup = (hostname) => {
    asked += 1;
    return resolvesTo('169.254.169.254', '127.0.0.1')(hostname);
  };
  const outbound = outboundFor(context, { allowPrivateAddresses: true, lookup });
  const answer = await outbound.request({ url: `http://mixed.example:${port}/` });
  assert.equal(answer.text(), `mixed.example:${port}`);
  assert.deepEqual([asked, hits()], [1, 1]);
});

test('the operator opens single hosts, with or without a port', async (context) => {
  const { port } = await serve(context, (_, response) => response.end('ok'));
  const other = await serve(context, (_, response) => response.end('other'));
  const lookup = resolvesTo('127.0.0.1');
  const allowedHosts = [`127.0.0.1:${port}`, 'Inside.Example'];
  const outbound = outboundFor(context, { allowPrivateAddresses: false, allowedHosts, lookup });
  assert.equal((await outbound.request({ url: `http://127.0.0.1:${port}/` })).text(), 'ok');
  assert.equal((await outbound.request({ url: `http://inside.example:${other.port}/` })).text(), 'other');
  await assert.rejects(outbound.request({ url: `http://127.0.0.1:${other.port}/` }), refused('address'));
  await assert.rejects(outbound.request({ url: `http://sub.inside.example:${port}/` }), refused('address'));
  assert.equal(await outbound.resolve('INSIDE.example', 25), '127.0.0.1');
  assert.equal(other.hits(), 1);
});

test('an exception that is not a host is a mistake at the start', () => {
  for (const entry of ['http://host', 'host/path', 'a@b', '', 'host:port', '[::1', '*:80:80', 'host:123456']) {
    assert.throws(() => createOutbound({ allowPrivateAddresses: false, allowedHosts: [entry] }), TypeError, entry);
  }
  for (const entry of ['::1', '[::1]', '[::1]:8080', 'host', 'host:80']) {
    assert.ok(createOutbound({ allowPrivateAddresses: false, allowedHosts: [entry] }), entry);
  }
});

test('resolve refuses literals and names inside, and reports a name that does not exist', async (context) => {
  const outbound = outboundFor(context, { allowPrivateAddresses: false, lookup: resolvesTo('10.0.0.5') });
  await assert.rejects(outbound.resolve('10.0.0.5', 25), refused('address'));
  await assert.rejects(outbound.resolve('::1', 25), refused('address'));
  await assert.rejects(outbound.resolve('relay.example', 25), refused('address'));
  assert.equal(await outbound.resolve('8.8.8.8', 25), '8.8.8.8');
  const lookup: HostLookup = async () => {
    throw new Error('ENOTFOUND');
  };
  const lost = outboundFor(context, { allowPrivateAddresses: false, lookup });
  await assert.rejects(lost.resolve('nowhere.example', 25), failed('connection'));
  await assert.rejects(lost.request({ url: 'http://nowhere.example/' }), failed('connection'));
});

test('a redirect is an answer, not an instruction', async (context) => {
  const { port, hits } = await serve(context, (request, response) => {
    if (request.url === '/') response.writeHead(302, { location: '/inside' });
    response.end();
  });
  const outbound = outboundFor(context, { allowPrivateAddresses: true });
  const answer = await outbound.request({ url: `http://127.0.0.1:${port}/` });
  assert.deepEqual([answer.status, answer.headers.location, hits()], [302, '/inside', 1]);
});

test('an answer may be as large as the cap and no larger', async (context) => {
  const { port } = await serve(context, (request, response) => {
    if (request.url === '/announced') response.setHeader('content-length', 1001);
    for (let i = 0; i < 10; i += 1) response.write('x'.repeat(100));
    response.end(request.url === '/fits' ? '' : 'x');
  });
  const outbound = outboundFor(context, { allowPrivateAddresses: true });
  const ask = (path: string) => outbound.request({ url: `http://127.0.0.1:${port}${path}`, maxBytes: 1000 });
  assert.equal((await ask('/fits')).body.length, 1000);
  await assert.rejects(ask('/chunked'), failed('response_too_large'));
  await assert.rejects(ask('/announced'), failed('response_too_large'));
});

test('an answer without end is cut off at the default cap', async (context) => {
  const { port } = await serve(context, (_, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    };
    response.on('drain', more);
    more();
  });
  const outbound = outboundFor(context, { allowPrivateAddresses: true });
  await assert.rejects(outbound.request({ url: `http://127.0.0.1:${port}/` }), failed('response_too_large'));
});

test('gives up in time, whether the answer, its rest or the name is missing', async (context) => {
  const { port, hits } = await serve(context, (request, response) => {
    if (request.url === '/half') response.write('half');
  });
  const outbound = outboundFor(context, { allowPrivateAddresses: true });
  for (const path of ['/never', '/half']) {
    const url = `http://127.0.0.1:${port}${path}`;
    await assert.rejects(outbound.request({ url, timeoutMs: 30 }), failed('timeout'), path);
  }
  const name = Promise.withResolvers<ResolvedAddress[]>();
  const stuck = createOutbound({ allowPrivateAddresses: true, lookup: () => name.promise });
  const url = `http://slow.example:${port}/late`;
  await assert.rejects(stuck.request({ url, timeoutMs: 30 }), failed('timeout'));
  name.resolve([{ address: '127.0.0.1', family: 4 }]);
  await stuck.close();
  assert.equal(hits(), 2, 'a request that was given up must not be sent afterwards');
});

test('a port where nobody listens and a broken answer are failures', async (context) => {
  const { port } = await serve(context, (request, response) => {
    if (request.url === '/cut') request.socket.destroy();
    else response.writeHead(200, { 'content-length': 100 }).write('short', () => request.socket.destroy());
  });
  const outbound = outboundFor(context, { allowPrivateAddresses: true });
  for (const path of ['/cut', '/short']) {
    await assert.rejects(outbound.request({ url: `http://127.0.0.1:${port}${path}` }), failed('connection'), path);
  }
  await assert.rejects(outbound.request({ url: 'http://127.0.0.1:1/' }), failed('connection'));
});

test('headers that would change the request itself are refused', async (context) => {
  const outbound = outboundFor(context, { allowPrivateAddresses: true });
  const cases: Record<string, string>[] = [
    ...[{ Host: 'other' }, { 'Transfer-Encoding': 'chunked' }, { 'Proxy-Authorization': 'x' }],
    ...[{ 'x-a': 'one\r\nx-b: two' }, { 'x a': 'one' }, { '': 'x' }, { 'x-a': 'nul\0' }],
  ];
  for (const headers of cases) {
    await assert.rejects(outbound.request({ url: 'http://127.0.0.1:1/', headers }), refused('header'));
  }
});

const PROXY_NAMES = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
const environment = { ...process.env };
after(() => {
  for (const name of PROXY_NAMES) {
    if (environment[name] === undefined) delete process.env[name];
    else process.env[name] = environment[name];
  }
});

test('proxies named in the environment are not used', async (context) => {
  const proxy = await serve(context, (_, response) => response.end('proxy'));
  const { port } = await serve(context, (_, response) => response.end('direct'));
  for (const name of PROXY_NAMES) process.env[name] = `http://127.0.0.1:${proxy.port}`;
  const outbound = outboundFor(context, { allowPrivateAddresses: true });
  assert.equal((await outbound.request({ url: `http://127.0.0.1:${port}/` })).text(), 'direct');
  assert.equal(proxy.hits(), 0);
});

test('IPv6 literals are spoken to when allowed', async (context) => {
  const outbound = outboundFor(context, { allowPrivateAddresses: true });
  await assert.rejects(outbound.request({ url: 'http://[::1]:1/' }), failed('connection'));
});
