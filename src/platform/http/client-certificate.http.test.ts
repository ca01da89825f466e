/** What the HTTPS listener asks its clients for, as it is configured. Who is let in by it: `oauth/token/client-authentication`. */
import assert from 'node:assert/strict';
import { Agent, request } from 'node:https';
import { after, before, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createAuthority, issueCertificate, type TestCertificate } from '../../../test/certificates.ts';
import { listenLocally, type TestServer, testServer } from '../../../test/server.ts';
import { addClient } from '../../../test/token-fixture.ts';
import { clientCredentialsOf } from '../../resources/clients/index.ts';
import { type DevelopmentAuthority, issueServerCertificate } from '../crypto/index.ts';
import type { TlsOptions } from './listen.ts';

let authority: DevelopmentAuthority;
const servers: TestServer[] = [];

before(async () => {
  authority = await createAuthority();
  // As a public authority is: this process trusts it for everything else.
  setDefaultCACertificates([...getCACertificates('default'), authority.certPem]);
});
after(() => Promise.all(servers.map((server) => server.close())));

async function listen(options: Partial<TlsOptions>): Promise<{ server: TestServer; tlsUrl: string }> {
  const server = await testServer();
  servers.push(server);
  const own = await issueServerCertificate(authority, { hosts: ['localhost'], now: Date.now() });
  const { tlsUrl } = await listenLocally(server, { key: own.privateKeyPem, cert: own.certPem, ...options });
  return { server, tlsUrl };
}

/** A public code that does not exist tells who was authenticated: 403, and 401 who was not. */
async function statusFor(
  { server, tlsUrl }: { server: TestServer; tlsUrl: string },
  method: 'tls_client_auth' | 'self_signed_tls_client_auth',
  shown: TestCertificate,
): Promise<number> {
  const id = `cred_${method}`.slice(0, 27);
  const { client_id } = await addClient(server.ctx, {
    token_endpoint_auth_method: null,
    client_authentication_methods: { [method]: { credentials: [{ id }] } },
  });
  const at = new Date(server.clock.now()).toISOString();
  const own = { id, client_id, created_at: at, updated_at: at };
  await clientCredentialsOf(server.ctx).put(
    method === 'tls_client_auth'
      ? { ...own, credential_type: 'cert_subject_dn', subject_dn: shown.subject }
      : { ...own, credential_type: 'x509_cert', thumbprint_sha256: shown.thumbprint },
  );
  const body = new URLSearchParams({ client_id, grant_type: 'authorization_code', code: 'none' }).toString();
  const options = {
    method: 'POST',
    cert: shown.cert,
    key: shown.key,
    agent: new Agent({ maxCachedSessions: 0 }),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  };
  return new Promise((resolve, reject) => {
    const call = request(`${tlsUrl}/oauth/token`, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    call.on('error', reject);
    call.end(body);
  });
}

test('without authorities of its own it verifies nobody, not even by public ones; what is registered is known', async () => {
  const listening = await listen({});
  const issued = issueCertificate('public.example.test', authority);
  assert.equal(await statusFor(listening, 'tls_client_auth', issued), 401);
  assert.equal(await statusFor(listening, 'self_signed_tls_client_auth', issued), 403);
  assert.equal(await statusFor(listening, 'self_signed_tls_client_auth', issueCertificate('self-signed')), 403);
});

test('with authorities it verifies by those', async () => {
  const listening = await listen({ clientAuthorities: authority.certPem });
  const issued = issueCertificate('private.example.test', authority);
  assert.equal(await statusFor(listening, 'tls_client_auth', issued), 403);
  const other = issueCertificate('private.example.test', await createAuthority());
  assert.equal(await statusFor(listening, 'tls_client_auth', other), 401);
});

test('where it does not ask, nobody shows any', async () => {
  const listening = await listen({ asksClients: false, clientAuthorities: authority.certPem });
  assert.equal(await statusFor(listening, 'self_signed_tls_client_auth', issueCertificate('unasked')), 401);
});
