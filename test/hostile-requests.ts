/** Requests that nobody should send, for any endpoint. */
import fc from 'fast-check';
import type { Endpoint } from '../src/kernel/index.ts';
import { almostRight, type Spice } from './almost-right.ts';

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

interface Sent {
  readonly body: Buffer | undefined;
  readonly contentType: string | undefined;
}

/** A document as JSON, or as a form where all its members can be written so. */
function send(document: unknown, asForm: boolean): Sent {
  const pairs = Object.entries((document ?? {}) as object).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
  return asForm
    ? { body: Buffer.from(formOf(pairs)), contentType: 'application/x-www-form-urlencoded' }
    : { body: encode(document), contentType: 'application/json' };
}

/** Bodies that are nearly what `endpoint` wants. */
function plausibleBodies(endpoint: Endpoint, spice: Spice): fc.Arbitrary<Sent> {
  if (!endpoint.body) return fc.constant({ body: undefined, contentType: undefined });
  const accepted = endpoint.accepts ?? (endpoint.surface === 'oauth' ? ['json', 'form'] : ['json']);
  const asForm = endpoint.surface === 'page' ? ['form'] : accepted;
  return fc
    .tuple(almostRight(endpoint.body, spice), fc.constantFrom(...asForm))
    .map(([document, form]) => send(document, form === 'form'));
}

/** A query that is nearly what `endpoint` wants. */
function plausibleQuery(endpoint: Endpoint, spice: Spice): fc.Arbitrary<string> {
  if (!endpoint.query) return fc.constant('');
  const pairs = (wanted: unknown) =>
    Object.entries((wanted ?? {}) as object).map(
      ([name, value]) => [name, typeof value === 'string' ? value : (JSON.stringify(value) ?? '')] as const,
    );
  return almostRight(endpoint.query, spice).map((wanted) => formOf(pairs(wanted)));
}

function bodies(name: fc.Arbitrary<string>, text: fc.Arbitrary<string>): fc.Arbitrary<Sent> {
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

/** What may come along and is right, and so leads deeper in than nonsense does. */
export interface Plausible {
  readonly bearers: readonly string[];
  /** Ids of things that exist, for the places of a path. */
  readonly ids: readonly string[];
  /** Values for members and parameters by their names. */
  readonly named: Readonly<Record<string, readonly string[]>>;
}

/** Requests for `endpoint`, of nonsense mixed with what is plausible. */
export function hostileRequests(endpoint: Endpoint, { bearers, ids, named }: Plausible): fc.Arbitrary<HostileRequest> {
  const known = fc.constantFrom(...Object.values(named).flat(), ...ids);
  const text = fc.oneof({ weight: 2, arbitrary: anyText }, { weight: 1, arbitrary: known });
  const name = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...namesOf(endpoint)) },
    { weight: 1, arbitrary: text },
  );
  const spice = { wrong: treeOf(text), text, named };
  const nonsense = fc.array(fc.tuple(name, text), { maxLength: 6 }).map(formOf);
  const wrong = ['Bearer', 'Basic !!!', 'Basic Og==', ''];
  const authorization = fc.constantFrom(...bearers.map((token) => `Bearer ${token}`), ...wrong);
  const query = fc.oneof(nonsense, plausibleQuery(endpoint, spice), fc.constant(''));
  const place = fc.oneof(text, fc.constantFrom(...ids));
  const sent = fc.oneof(bodies(name, text), plausibleBodies(endpoint, spice));
  return fc.record({ query, place, authorization, sent }).map(({ query, place, authorization, sent }) => ({
    query,
    place: encodeLoosely(place) || 'x',
    headers: authorization ? ({ authorization } as Record<string, string>) : {},
    ...sent,
  }));
}
