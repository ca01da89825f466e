/** A service provider that is not ours (@node-saml/node-saml), and a person who goes between it and this server. */
import assert from 'node:assert/strict';
import { type Profile, SAML, type SamlConfig } from '@node-saml/node-saml';
import type { Context } from '../src/kernel/index.ts';
import { generateSigningKey, type SigningKeyMaterial } from '../src/platform/crypto/index.ts';
import type { Client } from '../src/resources/clients/index.ts';
import { currentSigningKey } from '../src/resources/keys/index.ts';
import { asPage, Browser, type Page } from './browser.ts';
import { addApplication, PASSWORD } from './fixtures.ts';
import { START, type TestServer, type TestTenant, testServer } from './server.ts';

export const ACS = 'https://sp.test/acs';
export const SLO = 'https://sp.test/slo';
export const ENTITY = 'https://sp.test/metadata';
export const EMAIL = 'ada@example.test';

/** A server whose clock stands at the machine's time: node-saml knows no other. */
export async function samlServer(): Promise<TestServer> {
  const server = await testServer();
  server.clock.advance(Math.floor((Date.now() - START) / 1000));
  return server;
}

/** An application that speaks SAML, with `samlp` as its settings. Answers its id. */
export async function addSamlClient(
  ctx: Context,
  samlp: Readonly<Record<string, unknown>> = {},
  body: Partial<Client> = {},
): Promise<string> {
  const client = await addApplication(ctx, { name: 'SP', callbacks: [ACS], addons: { samlp }, ...body });
  return client.client_id;
}

/** A key pair with its certificate, for service providers that sign or decrypt. */
export function keyPair(ctx: Context, commonName = 'sp.test'): Promise<SigningKeyMaterial> {
  return generateSigningKey({ commonName, now: ctx.clock.now(), random: ctx.random });
}

/** The service provider of the client `clientId`, as its operator sets it up from our metadata. */
export async function serviceProvider(
  tenant: TestTenant,
  clientId: string,
  options: Partial<SamlConfig> = {},
): Promise<SAML> {
  const { cert } = await currentSigningKey(tenant.ctx);
  const at = `${tenant.url}/samlp/${clientId}`;
  return new SAML({
    entryPoint: at,
    logoutUrl: `${at}/logout`,
    issuer: ENTITY,
    callbackUrl: ACS,
    idpCert: cert,
    idpIssuer: `urn:${tenant.host}`,
    wantAuthnResponseSigned: false,
    validateInResponseTo: 'always' as never,
    ...options,
  });
}

/** The form that posts itself to the application: where, and what. */
export interface Posted {
  readonly to: string;
  readonly fields: Readonly<Record<string, string>>;
  /** The message, in clear. */
  readonly xml: string;
}

const decode = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

/** What the page posts, which must be one that does. */
export function posted(page: Page): Posted {
  const message = page.fields.SAMLResponse ?? page.fields.SAMLRequest;
  assert.ok(message, `a SAML message was expected, not ${page.status} ${page.path}: ${textOf(page)}`);
  const to = decode(/<form\b[^>]*action="([^"]*)"/.exec(page.html)?.[1] ?? '');
  return { to, fields: page.fields, xml: Buffer.from(message, 'base64').toString('utf8') };
}

/** The words of a page. */
export const textOf = ({ html }: { html: string }) =>
  decode(html.replace(/<style[\s\S]*?<\/style>|<script[\s\S]*?<\/script>|<[^>]+>/g, ' ')).replace(/\s+/g, ' ');

/** Goes to `address` and logs in where that is asked for; answers what is posted to the application. */
export async function arrive(browser: Browser, address: string, email = EMAIL): Promise<Posted> {
  const page = await browser.openPage(address);
  return posted(page.fields.SAMLResponse || page.status >= 400 ? page : await submitPassword(browser, page, email));
}

export async function submitPassword(browser: Browser, page: Page, email = EMAIL): Promise<Page> {
  return asPage(await browser.submit(page, { username: email, password: PASSWORD }));
}

/** What the service provider makes of the answer. */
export async function consume(sp: SAML, { fields }: Posted): Promise<Profile> {
  const { profile } = await sp.validatePostResponseAsync({ ...fields });
  assert.ok(profile);
  return profile;
}

/** A whole login that the service provider asks for. */
export async function logIn(
  tenant: TestTenant,
  sp: SAML,
  { browser = new Browser(tenant), relayState = 'deep/link', email = EMAIL } = {},
): Promise<{ profile: Profile; answer: Posted; browser: Browser }> {
  const answer = await arrive(browser, await sp.getAuthorizeUrlAsync(relayState, undefined, {}), email);
  return { profile: await consume(sp, answer), answer, browser };
}
