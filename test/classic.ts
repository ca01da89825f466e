/** The classic login page, as a script on it sees it: what it was told, and what it posts. */
import assert from 'node:assert/strict';
import { authorizeUrl, type Browser, type Page } from './browser.ts';
import { EMAIL } from './cross-origin.ts';
import { CONNECTION, PASSWORD } from './fixtures.ts';
import type { Answer } from './server.ts';

/** An operator's page: all that it holds is what it was told. */
export const OPERATORS_PAGE = '<!doctype html><title>Ours</title><script>window.told = "@@config@@";</script>';

export interface Config {
  readonly clientID: string;
  readonly internalOptions: Readonly<Record<string, string>>;
  readonly [other: string]: unknown;
}

/** What an operator's page was told. */
export function configOf({ html }: Page): Config {
  const encoded = /window\.told = "([^"]*)"/.exec(html)?.[1];
  assert.ok(encoded, `the operator's page, not ${html.slice(0, 200)}`);
  return JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
}

/** Opens the page of a login of `client_id`. */
export async function openClassic(
  browser: Browser,
  client_id: string,
  parameters: Record<string, string> = {},
): Promise<{ page: Page; config: Config }> {
  const page = await browser.openPage(authorizeUrl({ client_id, ...parameters }));
  return { page, config: configOf(page) };
}

/** Posts a password as auth0.js does; `changes` to what it sends. */
export function postPassword(
  browser: Browser,
  { clientID, internalOptions }: Config,
  changes: Record<string, unknown> = {},
): Promise<Answer> {
  const json = {
    client_id: clientID,
    connection: CONNECTION,
    username: EMAIL,
    password: PASSWORD,
    tenant: 'tenant',
    ...internalOptions,
    ...changes,
  };
  return browser.tenant.post('/usernamepassword/login', { json, jar: browser.jar });
}

/** The form of an answer, as a page that submits it has it. */
export const formOf = ({ text }: Answer, { page }: { page: Page }): Page => {
  const fields = [...text.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    value.replaceAll('&quot;', '"'),
  ]);
  return { ...page, html: text, fields: Object.fromEntries(fields) };
};
