import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { closed, fieldSelection, oneOf, paging, type TSchema, Type } from '../../kernel/index.ts';
import { refusal } from './validate.fixture.ts';

const text = (description: string, rest = {}) => Type.Optional(Type.String({ description, ...rest }));

const group = closed({
  email: Type.String({ format: 'email', description: 'Google Workspace Directory group email' }),
});
const user = closed({
  email: text("The user's email"),
  phone_number: text("The user's phone number (following the E.164 recommendation)", { pattern: '^\\+[0-9]{1,15}$' }),
  given_name: text("The user's given name(s)", { minLength: 1 }),
  family_name: text("The user's family name(s)", { minLength: 1 }),
  name: text("The user's full name", { minLength: 1 }),
  nickname: text("The user's nickname", { minLength: 1 }),
  picture: text("A URI pointing to the user's picture", { format: 'strict-uri' }),
  username: text("The user's username. Only valid if the connection requires a username", { minLength: 1 }),
});

interface Recorded {
  readonly part: 'params' | 'query' | 'body';
  readonly schema: TSchema;
  readonly value: unknown;
  readonly message: string;
}

/** Messages as Auth0 sent them. */
const RECORDED: readonly Recorded[] = [
  {
    part: 'body',
    schema: closed({ groups: Type.Array(group) }),
    value: { groups: [{ email: '' }] },
    message:
      "Payload validation error: 'Object didn't pass validation for format email: ' on property groups[0].email (Google Workspace Directory group email).",
  },
  {
    part: 'body',
    schema: closed({
      rule: closed({ match: closed({ auth0_managed: Type.Array(Type.String(), { uniqueItems: true }) }) }),
    }),
    value: { rule: { match: { auth0_managed: ['a', 'a'] } } },
    message:
      "Payload validation error: 'Array items are not unique (indexes 0 and 1)' on property rule.match.auth0_managed.",
  },
  {
    part: 'body',
    schema: closed({ settings: closed({}, { description: 'Specific provider setting' }) }),
    value: { settings: { first_setting: 1, second_setting: 2 } },
    message:
      "Payload validation error: 'Additional properties not allowed: second_setting,first_setting' on property settings (Specific provider setting).",
  },
  {
    part: 'body',
    schema: closed({
      client_id: text(
        'client_id of the client (application). If no value provided, the global Client ID will be used',
        {
          format: 'client-id',
        },
      ),
    }),
    value: { client_id: '#<Random:0x00007fd199de72c8>' },
    message:
      "Payload validation error: 'Object didn't pass validation for format client-id: #<Random:0x00007fd199de72c8>' on property client_id (client_id of the client (application). If no value provided, the global Client ID will be used).",
  },
  {
    part: 'body',
    schema: closed({
      initiate_login_uri: text('Initiate login uri, must be https', { format: 'absolute-https-uri-or-empty' }),
    }),
    value: { initiate_login_uri: 'http://localhost:3000/login' },
    message:
      "Payload validation error: 'Object didn't pass validation for format absolute-https-uri-or-empty: http://localhost:3000/login' on property initiate_login_uri (Initiate login uri, must be https).",
  },
  {
    part: 'body',
    schema: closed({ email: Type.String() }),
    value: {},
    message: "Payload validation error: 'Missing required property: email'.",
  },
  {
    part: 'body',
    schema: closed({ name: Type.Optional(Type.String()) }),
    value: { is_global: true },
    message: "Payload validation error: 'Additional properties not allowed: is_global'.",
  },
  {
    part: 'body',
    schema: user,
    value: {
      email: 'a@example.com',
      phone_number: '',
      given_name: '',
      family_name: '',
      name: '',
      nickname: '',
      picture: '',
      username: '',
    },
    message: [
      "Payload validation error: 'String is too short (0 chars), minimum 1' on property username (The user's username. Only valid if the connection requires a username).",
      "Payload validation error: 'Object didn't pass validation for format strict-uri: ' on property picture (A URI pointing to the user's picture).",
      "Payload validation error: 'String is too short (0 chars), minimum 1' on property nickname (The user's nickname).",
      "Payload validation error: 'String is too short (0 chars), minimum 1' on property name (The user's full name).",
      "Payload validation error: 'String is too short (0 chars), minimum 1' on property family_name (The user's family name(s)).",
      "Payload validation error: 'String is too short (0 chars), minimum 1' on property given_name (The user's given name(s)).",
      "Payload validation error: 'String does not match pattern ^\\+[0-9]{1,15}$: ' on property phone_number (The user's phone number (following the E.164 recommendation)).",
    ].join(' (also) '),
  },
  {
    part: 'query',
    schema: closed(fieldSelection(['name', 'strategy', 'options'])),
    value: { fields: 'users' },
    message:
      "Query validation error: 'String 'users' does not match pattern. Must be a comma separated list of the following values: name,strategy,options' on property fields (Comma-separated list of fields to include or exclude (based on value provided for include_fields) in the result. Leave empty to retrieve all fields.).",
  },
  {
    part: 'query',
    schema: closed(paging),
    value: { include_total: 'true' },
    message: "Query validation error: 'Additional properties not allowed: include_total'.",
  },
  {
    part: 'params',
    schema: closed({ prompt: oneOf(['login', 'consent'], { description: 'Name of the prompt' }) }),
    value: { prompt: 'passkeys' },
    message: 'Path validation error: \'Invalid value "passkeys"\' on property prompt (Name of the prompt).',
  },
  {
    part: 'params',
    schema: closed({
      id: Type.String({ format: 'event-stream-id', description: 'Unique identifier for the event stream' }),
    }),
    value: { id: 'est_invalid_id_1234567890' },
    message:
      "Path validation error: 'Object didn't pass validation for format event-stream-id: est_invalid_id_1234567890' on property id (Unique identifier for the event stream).",
  },
];

const CODES = { params: 'invalid_uri', query: 'invalid_query_string', body: 'invalid_body' };

describe('management: recorded messages', () => {
  for (const { part, schema, value, message } of RECORDED) {
    it(message.slice(0, 100), () => {
      const error = refusal('management', { [part]: schema }, { [part]: value });
      assert.deepEqual(error.body, { statusCode: 400, error: 'Bad Request', message, errorCode: CODES[part] });
    });
  }
});
