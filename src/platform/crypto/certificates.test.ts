import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { before, test } from 'node:test';
import { connect, createServer, type TLSSocket } from 'node:tls';
import {
  createDevelopmentAuthority,
  type DevelopmentAuthority,
  issueServerCertificate,
  type ServerCertificate,
} from './certificates.ts';

// A real handshake is checked against the machine's clock, so these certificates must be valid by it.
const NOW = Date.now();
const HOSTS = [
  'acme.localhost',
  '*.auth.example.test',
  '192.168.1.7',
  '2001:db8::1:0:7',
  '::ffff:1.2.3.4',
  'bücher.test',
];
const DAY = 86_400_000;
let authority: DevelopmentAuthority;
let issued: ServerCertificate;

before(async () => {
  authority = await createDevelopmentAuthority({ now: NOW });
  issued = await issueServerCertificate(authority, { hosts: HOSTS, now: NOW });
});

/** One TLS handshake on this machine; gives the error of the client, if any. */
async function shakeHands(servername: string, ca: string): Promise<string | undefined> {
  const server = createServer({ cert: issued.certPem, key: issued.privateKeyPem }, (socket: TLSSocket) => socket.end());
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  try {
    return await new Promise((resolve) => {
      const socket = connect({ port, host: '127.0.0.1', servername, ca }, () => resolve(undefined));
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      socket.on('secureConnect', () => socket.end());
    });
  } finally {
    server.close();
  }
}

test('the authority is a self-signed authority for ten years', () => {
  const certificate = new X509Certificate(authority.certPem);
  assert.ok(certificate.ca);
  assert.ok(certificate.verify(certificate.publicKey));
  assert.ok(Math.abs(Date.parse(certificate.validTo) - NOW - 3652 * DAY) < DAY);
});

test('a server certificate is signed by the authority, is none itself, and lasts a year', () => {
  const leaf = new X509Certificate(issued.certPem);
  const root = new X509Certificate(authority.certPem);
  assert.ok(leaf.checkIssued(root));
  assert.ok(leaf.verify(root.publicKey));
  assert.equal(leaf.ca, false);
  assert.deepEqual(leaf.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  assert.ok(Date.parse(leaf.validTo) - Date.parse(leaf.validFrom) < 366 * DAY);
  assert.ok(issued.certPem.endsWith(authority.certPem));
});

test('it names every host, and always this machine', () => {
  const leaf = new X509Certificate(issued.certPem);
  for (const host of ['acme.localhost', 'localhost', 'x.auth.example.test', 'xn--bcher-kva.test']) {
    assert.ok(leaf.checkHost(host), host);
  }
  assert.equal(leaf.checkHost('evil.localhost'), undefined);
  assert.equal(leaf.checkHost('a.b.auth.example.test'), undefined);
  for (const ip of ['127.0.0.1', '::1', '192.168.1.7', '2001:db8::1:0:7', '::ffff:1.2.3.4']) {
    assert.ok(leaf.checkIP(ip), ip);
  }
  assert.equal(leaf.checkIP('192.168.1.8'), undefined);
});

test('node accepts it when it trusts the authority, and only for the hosts named', async () => {
  assert.equal(await shakeHands('acme.localhost', authority.certPem), undefined);
  assert.equal(await shakeHands('evil.localhost', authority.certPem), 'ERR_TLS_CERT_ALTNAME_INVALID');
  const stranger = await createDevelopmentAuthority({ now: NOW });
  assert.notEqual(await shakeHands('acme.localhost', stranger.certPem), undefined);
});

test('what is no host is refused', async () => {
  for (const host of ['', 'a b', 'http://x', 'localhost:3000', 'a.*.b', '..']) {
    await assert.rejects(issueServerCertificate(authority, { hosts: [host], now: NOW }), TypeError, host);
  }
});
