import { readFileSync } from 'node:fs';
import autocannon, { type Request } from 'autocannon';
import type { Load, Measured, Script } from './load.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

type Headers = Record<string, string>;
type Send = (args: readonly string[], path: string) => Request;

const linesOf = (file: string | undefined) =>
  readFileSync(file ?? '', 'utf8')
    .split('\n')
    .filter(Boolean);

/** The wrk scripts of the same names, for autocannon. */
const SENDERS: Readonly<Record<Script, Send>> = {
  'get.lua': ([token]) => ({ method: 'GET', headers: { authorization: `Bearer ${token}` } }),
  'post.lua': ([body]) => ({ method: 'POST', headers: FORM, body: body ?? '' }),
  'each.lua': sendEach,
  'rotate.lua': rotate,
  'session.lua': followSession,
};

function sendEach([file]: readonly string[]): Request {
  const lines = linesOf(file).values();
  return {
    method: 'POST',
    setupRequest(request) {
      const headers: Headers = { ...FORM };
      let body = 'none';
      for (const part of (lines.next().value ?? '').split('\t')) {
        const [, name, value] = /^([\w-]+): (.*)$/.exec(part) ?? [];
        if (name === undefined) body = part;
        else headers[name] = value ?? '';
      }
      return { ...request, headers, body };
    },
  };
}

function rotate([form, file]: readonly string[]): Request {
  const tokens = linesOf(file);
  return {
    method: 'POST',
    headers: FORM,
    setupRequest: (request) => ({ ...request, body: `${form}&refresh_token=${tokens.pop() ?? 'none'}` }),
    onResponse(_status, body) {
      const token = /"refresh_token":"([^"]+)"/.exec(body)?.[1];
      if (token) tokens.push(token);
    },
  };
}

function followSession([cookie = '', authorize = '', form = '']: readonly string[]): Request {
  const codes: string[] = [];
  return {
    setupRequest(request) {
      const code = codes.pop();
      if (code === undefined) return { ...request, method: 'GET', path: authorize, headers: { cookie } };
      return { ...request, method: 'POST', path: '/oauth/token', headers: FORM, body: `${form}&code=${code}` };
    },
    onResponse(_status, _body, _context, headers) {
      const { location } = (headers ?? {}) as Headers;
      const code = location && /[?&]code=([^&]+)/.exec(location)?.[1];
      if (code) codes.push(code);
    },
  };
}

/** Puts load on `url` with autocannon. It costs more beside the server than wrk does: figures of the two are not comparable. */
export async function measureWithAutocannon({
  url,
  script,
  args,
  seconds,
  connections = 128,
}: Load): Promise<Measured> {
  const { origin, pathname, search } = new URL(url);
  const request = { path: pathname + search, ...SENDERS[script](args, pathname) };
  const {
    requests,
    non2xx,
    '3xx': redirects,
  } = await autocannon({
    url: origin,
    connections,
    duration: seconds,
    requests: [request],
  });
  return { perSecond: requests.average, refused: non2xx - redirects };
}
