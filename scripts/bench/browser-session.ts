import type { Fixtures } from './fixtures.ts';

/** Follows redirects of `url` by hand with a cookie jar until the callback or a page. */
async function follow(
  start: string,
  jar: Map<string, string>,
  init: RequestInit = {},
): Promise<{ url: string; text: string }> {
  let next = start;
  let options = init;
  for (;;) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(next, { ...options, redirect: 'manual', headers: { ...options.headers, cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const location = answer.headers.get('location');
    if (!location) return { url: next, text: await answer.text() };
    next = new URL(location, next).href;
    if (!next.startsWith(new URL(start).origin)) return { url: next, text: '' };
    options = {};
  }
}

/** Logs a user without second factor in through the login page. Answers the cookies of the session. */
export async function openSession(
  url: string,
  fixtures: Fixtures,
  authorizePath: string,
  email: string,
): Promise<string> {
  const jar = new Map<string, string>();
  const page = await follow(url + authorizePath, jar);
  const state = new URL(page.url).searchParams.get('state') ?? '';
  const form = new URLSearchParams({ state, username: email, password: fixtures.password, action: 'default' });
  const done = await follow(page.url, jar, { method: 'POST', body: form });
  if (!done.url.startsWith(fixtures.callback))
    throw new Error(`the login ended at ${done.url}: ${done.text.slice(0, 300)}`);
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}
