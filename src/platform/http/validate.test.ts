import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { closed, nullable, oneOf, paging, type TSchema, Type } from '../../kernel/index.ts';
import { declare, NOTHING, refusal } from './validate.fixture.ts';
import { compileEndpoint } from './validate.ts';

const member = (schema: TSchema) => closed({ m: schema });
const ABOUT_M = ' on property m.';

/** The reasons that no recording shows, in the words of z-schema. */
const REASONS: readonly (readonly [TSchema, unknown, string])[] = [
  [Type.String(), 1, 'Expected type string but found type integer'],
  [Type.Integer(), 1.5, 'Expected type integer but found type number'],
  [Type.Boolean(), null, 'Expected type boolean but found type null'],
  [Type.Object({}), [], 'Expected type object but found type array'],
  [nullable(Type.String()), 1, 'Expected type string,null but found type integer'],
  [nullable(Type.String({ minLength: 2 })), 'a', 'String is too short (1 chars), minimum 2'],
  [oneOf(['a', 'b']), 'c', 'No enum match for: c'],
  [oneOf(['a', 'b']), 'A', 'No enum match for: A'],
  [Type.Literal('a'), 'c', 'No enum match for: c'],
  [Type.Integer({ minimum: 1 }), 0, 'Value 0 is less than minimum 1'],
  [Type.Integer({ maximum: 100 }), 101, 'Value 101 is greater than maximum 100'],
  [Type.Number({ exclusiveMinimum: 1 }), 1, 'Value 1 is equal or less than exclusive minimum 1'],
  [Type.Number({ exclusiveMaximum: 1 }), 1, 'Value 1 is equal or greater than exclusive maximum 1'],
  [Type.Integer({ multipleOf: 5 }), 6, 'Value 6 is not a multiple of 5'],
  [Type.String({ maxLength: 2 }), 'abc', 'String is too long (3 chars), maximum 2'],
  [Type.Array(Type.String(), { minItems: 1 }), [], 'Array is too short (0), minimum 1'],
  [Type.Array(Type.String(), { maxItems: 1 }), ['a', 'b'], 'Array is too long (2), maximum 1'],
  [Type.Object({}, { minProperties: 1 }), {}, 'Too few properties defined (0), minimum 1'],
  [Type.Object({}, { maxProperties: 1 }), { a: 1, b: 2 }, 'Too many properties defined (2), maximum 1'],
  [
    Type.Unsafe({ type: 'object', dependentRequired: { a: ['b'] } }),
    { a: 1 },
    'Property b is mandatory if property a is included',
  ],
];

describe('management: reasons', () => {
  for (const [schema, value, reason] of REASONS) {
    it(reason, () => {
      const { message } = refusal('management', { body: member(schema) }, { body: { m: value } }).body;
      assert.equal(message, `Payload validation error: '${reason}'${ABOUT_M}`);
    });
  }

  it('says what every kind of a choice refused', () => {
    const choice = Type.Union([closed({ redirect_uri: Type.String() }), closed({ block: Type.Boolean() })], {
      description: 'Action',
    });
    const { message } = refusal('management', { body: member(choice) }, { body: { m: {} } }).body;
    assert.equal(
      message,
      "Payload validation error: 'None of the valid schemas were met' on property m (Action). Inner errors: [ Payload validation error: 'Missing required property: redirect_uri' on property m. (also) Payload validation error: 'Missing required property: block' on property m. ].",
    );
  });

  it('keeps choices inside choices and beside each other apart', () => {
    const inner = Type.Union([Type.Integer(), Type.Boolean()]);
    const body = closed({ a: Type.Union([Type.Integer(), closed({ x: inner })]), b: inner });
    const { message } = refusal('management', { body }, { body: { a: { x: 's' }, b: 's' } }).body as {
      message: string;
    };
    const b = message.indexOf("met' on property b");
    const a = message.indexOf("met' on property a.");
    assert.ok(b > 0 && a > b, message);
    assert.equal(message.match(/None of the valid schemas/g)?.length, 3);
    assert.equal(message.match(/Expected type/g)?.length, 5);
  });

  it('says that a oneOf is ambiguous', () => {
    const body = member(Type.Unsafe({ oneOf: [{ type: 'integer' }, { type: 'number' }] }));
    const { message } = refusal('management', { body }, { body: { m: 1 } }).body;
    assert.equal(
      message,
      `Payload validation error: 'Data is valid against more than one schema from 'oneOf''${ABOUT_M}`,
    );
  });

  it('reports an object before its members and the last required first', () => {
    const body = closed({ a: Type.String(), b: Type.String(), c: Type.String() });
    const { message } = refusal('management', { body }, { body: { c: 1, x: 1 } }).body;
    assert.equal(
      message,
      [
        "Payload validation error: 'Additional properties not allowed: x'.",
        "Payload validation error: 'Missing required property: b'.",
        "Payload validation error: 'Missing required property: a'.",
        "Payload validation error: 'Expected type string but found type integer' on property c.",
      ].join(' (also) '),
    );
  });

  it('stays short whatever is sent', () => {
    const body = closed({ list: Type.Array(Type.String()) });
    const { message } = refusal(
      'management',
      { body },
      { body: { list: Array.from({ length: 50_000 }, (_, i) => i) } },
    ).body;
    assert.ok(String(message).length < 10_000);
  });

  it('looks at the path first, then at the query, then at the body', () => {
    const schema = closed({ a: Type.String() });
    const schemas = { params: schema, query: schema, body: schema };
    assert.equal(refusal('management', schemas, {}).body.errorCode, 'invalid_uri');
    assert.equal(refusal('management', schemas, { params: { a: 'x' } }).body.errorCode, 'invalid_query_string');
    assert.equal(
      refusal('management', schemas, { params: { a: 'x' }, query: { a: 'x' } }).body.errorCode,
      'invalid_body',
    );
  });
});

describe('values', () => {
  const query = closed({
    ...paging,
    ratio: Type.Optional(Type.Number()),
    q: Type.Optional(Type.String()),
    strategy: Type.Optional(Type.Array(Type.String())),
  });
  const read = (value: unknown) =>
    compileEndpoint(declare('management', { query }))({ ...NOTHING, query: value }).query;

  it('reads exactly true, false and numbers from a query', () => {
    assert.deepEqual(
      read({ page: '2', per_page: '0', include_totals: 'true', ratio: '1.5', q: '5', strategy: 'auth0' }),
      {
        page: 2,
        per_page: 0,
        include_totals: true,
        ratio: 1.5,
        q: '5',
        strategy: ['auth0'],
      },
    );
    assert.deepEqual(read({ include_totals: 'false', strategy: ['a', 'b'] }), {
      include_totals: false,
      strategy: ['a', 'b'],
    });
  });

  for (const [name, value] of [
    ['page', ' 1'],
    ['page', '0x10'],
    ['page', '1e3'],
    ['page', '1.0'],
    ['page', ''],
    ['page', '99999999999999999999'],
    ['include_totals', '1'],
    ['include_totals', 'TRUE'],
    ['include_totals', ''],
    ['ratio', 'NaN'],
    ['ratio', 'Infinity'],
  ] as const) {
    it(`leaves ${name}=${value} as text, which is refused`, () => {
      const { message } = refusal('management', { query }, { query: { [name]: value } }).body;
      assert.match(String(message), /^Query validation error: 'Expected type \w+ but found type string' on property/);
    });
  }

  it('never changes a body', () => {
    const body = closed({ n: Type.Integer() });
    assert.equal(refusal('management', { body }, { body: { n: '1' } }).status, 400);
    const sent = { n: 1 };
    assert.equal(compileEndpoint(declare('management', { body }))({ ...NOTHING, body: sent }).body, sent);
  });

  it('takes an absent body for an empty object', () => {
    const body = closed({ name: Type.Optional(Type.String()) });
    assert.deepEqual(compileEndpoint(declare('management', { body }))({ ...NOTHING, body: undefined }).body, {});
  });

  it('passes what has no schema', () => {
    assert.deepEqual(compileEndpoint(declare('page', {}))({ params: { a: '1' }, query: { b: '2' }, body: undefined }), {
      params: { a: '1' },
      query: { b: '2' },
      body: undefined,
    });
  });

  it('refuses at start a format that does not exist', () => {
    const body = closed({ a: Type.String({ format: 'no-such-format' }) });
    assert.throws(() => compileEndpoint(declare('management', { body })), /no-such-format/);
    const members = closed({ format: Type.Optional(Type.String()) });
    assert.doesNotThrow(() => compileEndpoint(declare('management', { body: members })));
  });

  it('refuses at start, when asked to, what is no schema', () => {
    const body = Type.Unsafe({ type: 'no-such-type' });
    assert.throws(() => compileEndpoint(declare('management', { body }), 'start'), /no-such-type|type/);
  });
});

describe('other dialects', () => {
  const body = closed({
    grant_type: Type.String(),
    code: Type.String(),
    scope: Type.Optional(Type.String()),
    requested_expiry: Type.Optional(Type.Integer({ maximum: 10 })),
  });

  for (const surface of ['oauth', 'page'] as const) {
    it(`${surface}: names the first parameter that is missing`, () => {
      const error = refusal(surface, { body }, { body: { scope: 1 } });
      assert.equal(error.status, 400);
      assert.deepEqual(error.body, {
        error: 'invalid_request',
        error_description: 'Missing required parameter: grant_type',
      });
    });

    it(`${surface}: ignores what nobody knows`, () => {
      const sent = { grant_type: 'a', code: 'b', resource: 'c' };
      assert.equal(compileEndpoint(declare(surface, { body }))({ ...NOTHING, body: sent }).body, sent);
    });
  }

  it('oauth: a scope that is no text', () => {
    assert.deepEqual(refusal('oauth', { body }, { body: { grant_type: 'a', code: 'b', scope: 1 } }).body, {
      error: 'invalid_scope',
      error_description: 'Scope must be an array or a string',
    });
  });

  it('oauth: other mistakes', () => {
    const describe = (value: object) =>
      refusal('oauth', { body }, { body: { grant_type: 'a', code: 'b', ...value } }).body.error_description;
    const whole = refusal('oauth', { body }, { body: [] }).body.error_description;
    assert.equal(whole, 'Expected type object but found type array');
    assert.equal(describe({ code: ['b'] }), 'Parameter code must be of type string, not array');
    assert.equal(
      describe({ requested_expiry: 11 }),
      'Invalid parameter requested_expiry: Value 11 is greater than maximum 10',
    );
  });

  it('database: its own words', () => {
    const signup = closed({ email: Type.String({ format: 'email' }), user_metadata: Type.Optional(Type.Object({})) });
    const say = (value: unknown) => refusal('database', { body: signup }, { body: value }).body;
    assert.deepEqual(say({ email: 'foo' }), {
      name: 'BadRequestError',
      code: 'bad_request',
      description: 'error in email - invalid format: foo',
      statusCode: 400,
      error: 'error in email - invalid format: foo',
    });
    assert.equal(say({}).error, 'Missing required property: email');
    assert.equal(say({ email: 'a@example.com', x: 1 }).error, 'the following properties are not allowed: x');
    assert.equal(
      say({ email: 'a@example.com', user_metadata: 'x' }).error,
      'error in user_metadata - invalid type: string (expected object)',
    );
  });
});
