/** A person with a browser without scripts: keeps cookies, follows redirects, fills in forms. */
export interface Page {
  /** Where the visitor is now. */
  readonly url: URL;
  readonly status: number;
  readonly html: string;
}

export interface Visitor {
  /** Goes to `url` and follows redirects until a page, or until one leads away from the server, which is not followed. */
  open(url: string | URL): Promise<Page>;
  /** Fills in the form of the page and sends it. */
  submit(page: Page, fields: Record<string, string>): Promise<Page>;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** The text that an attribute or element stands for. */
export function unescapeHtml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_whole, name: string) => ENTITIES[name] ?? '');
}

/** The attribute `name` of the tag `tag`. */
function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? undefined : unescapeHtml(value);
}

/** Where the page's form posts to, and what is in it already. */
function readForm(page: Page): { action: string; values: Record<string, string> } {
  const form = /<form[^>]*>/.exec(page.html)?.[0];
  if (!form) throw new Error(`no form at ${page.url.href} (${page.status})`);
  const inputs = page.html.match(/<input[^>]*>/g) ?? [];
  const hidden = inputs.filter((tag) => attribute(tag, 'type') === 'hidden');
  return {
    action: attribute(form, 'action') ?? page.url.href,
    values: Object.fromEntries(hidden.map((tag) => [attribute(tag, 'name') ?? '', attribute(tag, 'value') ?? ''])),
  };
}

/** A visitor of the server at `origin`, nobody's cookies in the jar. */
export function newVisitor(origin: string): Visitor {
  const jar = new Map<string, string>();

  async function send(url: URL, form?: Record<string, string>): Promise<Page> {
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { body: new URLSearchParams(form) } : {}),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/;\s*max-age=0/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    const location = response.headers.get('location');
    if (!location) return { url, status: response.status, html: await response.text() };
    await response.body?.cancel();
    const next = new URL(location, url);
    return next.origin === origin ? send(next) : { url: next, status: response.status, html: '' };
  }

  return {
    open: (url) => send(new URL(url)),
    submit(page, fields) {
      const { action, values } = readForm(page);
      return send(new URL(action, page.url), { ...values, ...fields });
    },
  };
}

/** Opens `url`, logs in where it leads, and answers where the visitor ends up. */
export async function logInAt(visitor: Visitor, url: string | URL, username: string, password: string): Promise<URL> {
  const page = await visitor.open(url);
  if (page.status !== 200) throw new Error(`no login page at ${url}: ${page.status} ${page.html}`);
  return (await visitor.submit(page, { username, password, action: 'default' })).url;
}
