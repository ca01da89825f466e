/** Requests that nobody should send, for any endpoint, and what must be true of every answer to them. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Endpoint, Surface } from '../src/kernel/index.ts';

/** A request for an endpoint, whatever that endpoint wants. */
export interface HostileRequest {
  readonly query: string;
  readonly body: Buffer | undefined;
  readonly contentType: string | undefined;
  readonly headers: Record<string, string>;
  /** What stands in the places of a path. */
  readonly place: string;
}

/** Names that endpoints look at, so that what is thrown at them also lands. */
function namesOf(endpoint: Endpoint): string[] {
  const declared = [endpoint.query, endpoint.body].flatMap((schema) =>
    Object.keys((schema as { properties?: object } | undefined)?.properties ?? {}),
  );
  return [...new Set([...declared, 'state', 'client_id', 'scope', '__proto__', 'constructor', 'x'])];
}

const strange = fc.constantFrom(
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '😀'.repeat(50),
  '\u202eabc',
  "' OR 1=1 --",
  '%00%ff%zz',
  '../../etc/passwd',
  '{{7*7}}<script>',
  'null',
  '-1',
  '1e999',
  'x'.repeat(5000),
  'Ω≈ç√∫˜µ',
  '\r\nset-cookie: a=b',
);
const anyText = fc.oneof(strange, fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ maxLength: 20 }));
const leaf = (text: fc.Arbitrary<string>) =>
  fc.oneof(
    text,
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constantFrom<unknown>(null, Number.MAX_SAFE_INTEGER, -0, 1e308, [], {}),
  );
const treeOf = (text: fc.Arbitrary<string>) =>
  fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf(text),
      fc.array(tie('node'), { maxLength: 4 }),
      fc.dictionary(text, tie('node'), { maxKeys: 4 }),
    ),
  })).node;

const TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'application/x-www-form-urlencoded',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/xml',
  'nonsense',
  undefined,
];

const encode = (value: unknown) => Buffer.from(JSON.stringify(value) ?? 'undefined');

/** Pairs as a form or query; a name may come twice. */
function formOf(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([name, value]) => `${encodeLoosely(name)}=${encodeLoosely(value)}`).join('&');
}

/** As `encodeURIComponent`, and half of a surrogate pair becomes what it is worth. */
function encodeLoosely(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

function bodies(
  name: fc.Arbitrary<string>,
  text: fc.Arbitrary<string>,
): fc.Arbitrary<{ body: Buffer | undefined; contentType: string | undefined }> {
  const tree = treeOf(text);
  const object = fc.array(fc.tuple(name, tree), { maxLength: 6 }).map((pairs) => Object.fromEntries(pairs));
  const form = fc.array(fc.tuple(name, text), { maxLength: 8 }).map((pairs) => Buffer.from(formOf(pairs)));
  const json = fc.constant('application/json');
  return fc.oneof(
    fc.record({ body: object.map(encode), contentType: json }),
    fc.record({ body: tree.map(encode), contentType: json }),
    fc.record({ body: form, contentType: fc.constant('application/x-www-form-urlencoded') }),
    fc.record({ body: fc.uint8Array({ maxLength: 200 }).map(Buffer.from), contentType: fc.constantFrom(...TYPES) }),
    fc.record({ body: object.map(encode), contentType: fc.constantFrom(...TYPES) }),
    fc.record({
      body: fc.constantFrom('{', '{"a":', '[1,2', '"', 'a=1&a=2', '&&==&').map(Buffer.from),
      contentType: json,
    }),
    fc.constant({ body: Buffer.alloc(1_200_000, '{"a":'), contentType: 'application/json' }),
    fc.constant({ body: Buffer.from('['.repeat(20_000)), contentType: 'application/json' }),
    fc.constant({ body: undefined, contentType: undefined }),
  );
}

/** What may come along and is right: tokens, and values that lead deeper in than nonsense does. */
export interface Plausible {
  readonly bearers: readonly string[];
  readonly values: readonly string[];
}

/** Requests for `endpoint`, of nonsense mixed with what is plausible. */
export function hostileRequests(endpoint: Endpoint, { bearers, values }: Plausible): fc.Arbitrary<HostileRequest> {
  const text = fc.oneof({ weight: 2, arbitrary: anyText }, { weight: 1, arbitrary: fc.constantFrom(...values) });
  const name = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...namesOf(endpoint)) },
    { weight: 1, arbitrary: text },
  );
  const query = fc.array(fc.tuple(name, text), { maxLength: 6 }).map(formOf);
  const authorization = fc.constantFrom(
    ...bearers.map((token) => `Bearer ${token}`),
    'Bearer',
    'Basic !!!',
    'Basic Og==',
    '',
  );
  return fc
    .record({ query, place: text, authorization, sent: bodies(name, text) })
    .map(({ query, place, authorization, sent }) => ({
      query,
      place: encodeLoosely(place) || 'x',
      headers: authorization ? ({ authorization } as Record<string, string>) : {},
      ...sent,
    }));
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const DIALECTS: Record<Surface, (body: Record<string, unknown>, status: number) => boolean> = {
  oauth: (body) => isText(body.error) && isText(body.error_description),
  plain: (body) => isText(body.error) && isText(body.error_description),
  management: (body, status) => body.statusCode === status && isText(body.error) && isText(body.message),
  database: (body, status) =>
    (body.statusCode === status && isText(body.code)) || (isText(body.error) && (body.statusCode ?? status) === status),
  page: () => false,
};

/** Endpoints that answer some refusals in plain text, as Auth0 does. */
const PLAIN_TEXT = new Set(['/userinfo']);

/** An answer to whatever was sent: never a fault of the server's, and refusals in the words of the surface. */
export function assertCivil(endpoint: Endpoint, answer: { status: number; type: string; text: string }): void {
  const { status, type, text: body } = answer;
  const about = `${endpoint.method} ${endpoint.path} → ${status} ${body.slice(0, 300)}`;
  assert.ok(status < 500, about);
  if (status < 400) return;
  if (endpoint.surface === 'page') {
    assert.ok(type.startsWith('text/html') && body.includes('<html'), about);
    return;
  }
  if (PLAIN_TEXT.has(endpoint.path) && type.startsWith('text/plain')) return;
  assert.ok(type.startsWith('application/json'), `${about} ${type}`);
  const said = JSON.parse(body) as Record<string, unknown>;
  const isGuardian = endpoint.path.startsWith('/appliance-mfa/') && DIALECTS.management(said, status);
  assert.ok(isGuardian || DIALECTS[endpoint.surface](said, status), about);
}
