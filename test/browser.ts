/** A person at a browser without JavaScript: keeps cookies, follows redirects on the server's host, fills in forms. */
import assert from 'node:assert/strict';
import type { Answer, TestTenant } from './server.ts';

export interface Page {
  readonly status: number;
  readonly html: string;
  /** Path of the page, without its query. */
  readonly path: string;
  readonly url: string;
  /** Hidden and prefilled values of the form. */
  readonly fields: Readonly<Record<string, string>>;
  readonly headers: Answer['headers'];
}

/** Where the browser was sent that is not this server: the application's callback. */
export interface Arrival {
  readonly url: URL;
  readonly parameters: Readonly<Record<string, string>>;
}

const decodeEntities = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#96;', '`')
    .replaceAll('&amp;', '&');

function fieldsOf(html: string): Record<string, string> {
  const inputs = [...html.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag);
  const read = (tag: string, name: string) => decodeEntities(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
  const kept = inputs.filter((tag) => !/type="(checkbox|radio)"/.test(tag) || /\schecked/.test(tag));
  return Object.fromEntries(kept.map((tag) => [read(tag, 'name'), read(tag, 'value')]).filter(([name]) => name !== ''));
}

export class Browser {
  readonly jar: Record<string, string> = {};
  readonly tenant: TestTenant;
  /** Paths of every answer, in order. */
  readonly trail: string[] = [];

  constructor(tenant: TestTenant) {
    this.tenant = tenant;
  }

  /** Opens an address and goes where it leads: a page here, or the application. */
  open(address: string | URL): Promise<Page | Arrival> {
    return this.#go('GET', String(address));
  }

  /** `open`, which must end on a page. */
  async openPage(address: string | URL): Promise<Page> {
    return asPage(await this.open(address));
  }

  /** `open`, which must end at the application. */
  async openApp(address: string | URL): Promise<Arrival> {
    return asArrival(await this.open(address));
  }

  /** Sends the page's form with these values. */
  submit(page: Page, values: Record<string, string>): Promise<Page | Arrival> {
    const target = decodeEntities(/<form\b[^>]*action="([^"]*)"/.exec(page.html)?.[1] ?? '');
    return this.#go('POST', new URL(target, page.url).href, { ...page.fields, action: 'default', ...values });
  }

  async submitPage(page: Page, values: Record<string, string>): Promise<Page> {
    return asPage(await this.submit(page, values));
  }

  async submitApp(page: Page, values: Record<string, string>): Promise<Arrival> {
    return asArrival(await this.submit(page, values));
  }

  async #go(method: 'GET' | 'POST', address: string, form?: Record<string, string>): Promise<Page | Arrival> {
    let url = new URL(address, this.tenant.url);
    let answer = await this.tenant.request(method, url.pathname + url.search, {
      jar: this.jar,
      ...(form ? { form } : {}),
    });
    for (let hops = 0; ; hops++) {
      this.trail.push(url.pathname);
      const location = answer.headers.location;
      if (!location) break;
      assert.ok(hops < 10, 'too many redirects');
      url = new URL(location, url);
      if (url.host !== this.tenant.host) return { url, parameters: Object.fromEntries(url.searchParams) };
      answer = await this.tenant.get(url.pathname + url.search, { jar: this.jar });
    }
    const { status, text: html, headers } = answer;
    return { status, html, headers, path: url.pathname, url: url.href, fields: fieldsOf(html) };
  }
}

export function asPage(reached: Page | Arrival): Page {
  assert.ok('html' in reached, `a page was expected, not ${'url' in reached ? reached.url : ''}`);
  return reached;
}

export function asArrival(reached: Page | Arrival): Arrival {
  assert.ok(
    'parameters' in reached,
    `the application was expected, not ${'html' in reached ? `${reached.path}: ${reached.html.replace(/<style[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ')}` : ''}`,
  );
  return reached;
}

/** The address that begins a login. */
export function authorizeUrl(parameters: Record<string, string | undefined>): string {
  const given = Object.entries({
    response_type: 'code',
    redirect_uri: 'https://app.test/callback',
    scope: 'openid profile email',
    state: 'xyz',
    ...parameters,
  }).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return `/authorize?${new URLSearchParams(given)}`;
}
