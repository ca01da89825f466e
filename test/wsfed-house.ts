/** An application that speaks WS-Federation, and a person who goes between it and this server. */
import assert from 'node:assert/strict';
import type { Context } from '../src/kernel/index.ts';
import { parseXml, verifyEnveloped, type XmlElement } from '../src/platform/xml/index.ts';
import type { Client } from '../src/resources/clients/index.ts';
import { currentSigningKey } from '../src/resources/keys/index.ts';
import { asPage, type Browser, type Page } from './browser.ts';
import { addApplication, PASSWORD } from './fixtures.ts';
import type { TestTenant } from './server.ts';

export const REPLY = 'https://rp.test/signin-wsfed';
export const EMAIL = 'ada@example.test';

/** Answers its id. */
export async function addRelyingParty(
  ctx: Context,
  body: Partial<Client> = {},
  wsfed: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const client = await addApplication(ctx, { name: 'RP', callbacks: [REPLY], addons: { wsfed }, ...body });
  return client.client_id;
}

/** Text of an attribute as browsers read it. */
export const decode = (text: string) =>
  text
    .replace(/&#x([0-9a-f]+);/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&(quot|lt|gt|#39|#96|amp);/g, (_, name: string) => ENTITIES[name] ?? '');
const ENTITIES: Readonly<Record<string, string>> = { quot: '"', lt: '<', gt: '>', '#39': "'", '#96': '`', amp: '&' };

/** What a page posts to the application. */
export interface PostedToken {
  readonly to: string;
  readonly fields: Readonly<Record<string, string>>;
}

export function postedToken({ html, status, path }: Page): PostedToken {
  const inputs = [...html.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag);
  const read = (tag: string, name: string) => decode(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
  const fields = Object.fromEntries(inputs.map((tag) => [read(tag, 'name'), read(tag, 'value')]));
  assert.ok(
    fields.wresult,
    `a token was expected, not ${status} ${path}: ${html.replace(/<style[\s\S]*?<\/style>|<[^>]+>/g, ' ')}`,
  );
  return { to: decode(/<form\b[^>]*action="([^"]*)"/.exec(html)?.[1] ?? ''), fields };
}

export const wsfedUrl = (path: string, query: Record<string, string> = {}) => `${path}?${new URLSearchParams(query)}`;

/** Goes to `address` and logs in where that is asked for. */
export async function arriveByWsFed(browser: Browser, address: string, email = EMAIL): Promise<PostedToken> {
  const page = await browser.openPage(address);
  if (page.html.includes('name="wresult"')) return postedToken(page);
  return postedToken(asPage(await browser.submit(page, { username: email, password: PASSWORD })));
}

const find = (from: XmlElement, name: string): XmlElement[] => [
  ...(from.name === name ? [from] : []),
  ...from.children.flatMap((child) => find(child, name)),
];

/** A token as the application reads it. */
export interface ReadToken {
  readonly response: XmlElement;
  /** As text, with its signature. */
  readonly xml: string;
  readonly assertion: XmlElement;
  /** Claims by their whole names. */
  readonly claims: Readonly<Record<string, readonly string[]>>;
  readonly all: (name: string) => readonly XmlElement[];
}

/** Reads the token, whose signature must be the tenant's over all of it. */
export async function readToken(tenant: Pick<TestTenant, 'ctx'>, { fields }: PostedToken): Promise<ReadToken> {
  const wresult = fields.wresult ?? '';
  const xml = /<saml:Assertion .*<\/saml:Assertion>/s.exec(wresult)?.[0] ?? '';
  const { cert: certificate } = await currentSigningKey(tenant.ctx);
  const id = xml.includes(' AssertionID="') ? 'AssertionID' : 'ID';
  const assertion = await verifyEnveloped(xml, { certificate, allowSha1: true, id });
  assert.ok(assertion, 'the tenant has signed it');
  const claims = find(assertion, 'Attribute').map(({ attributes: of, children }) => {
    const name = of.Name ?? [of.AttributeNamespace, of.AttributeName].filter(Boolean).join('/');
    return [name, children.map(({ text }) => text)] as const;
  });
  return {
    response: await parseXml(wresult),
    xml,
    assertion,
    claims: Object.fromEntries(claims),
    all: (name) => find(assertion, name),
  };
}
