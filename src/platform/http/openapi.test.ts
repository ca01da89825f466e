import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { closed, type Endpoint, empty, endpoint, named, paging, Type } from '../../kernel/index.ts';
import { openApiDocument } from './openapi.ts';

const client = named(
  'Client',
  closed({ client_id: Type.String({ description: 'Id.' }), title: Type.Optional(Type.String({ default: 'x' })) }),
);
const failure = named('Error', Type.Object({ statusCode: Type.Integer(), message: Type.String() }));
const handle = async () => empty(204);

const listClients = endpoint({
  method: 'GET',
  path: '/api/v2/clients',
  name: 'listClients',
  summary: 'Lists clients.',
  tag: 'clients',
  surface: 'management',
  scopes: ['read:clients', 'read:client_keys'],
  query: closed({ ...paging, q: Type.String({ description: 'What to look for.' }) }),
  replies: { 200: Type.Array(client), 400: failure },
  handle,
});
const updateClient = endpoint({
  method: 'PATCH',
  path: '/api/v2/clients/:id/parts/:part',
  name: 'updateClient',
  summary: 'Changes a client.',
  tag: 'clients',
  surface: 'management',
  scopes: ['update:clients'],
  params: closed({ id: Type.String({ description: 'Id of the client.', maxLength: 64 }) }),
  body: closed({ client, title: Type.Optional(named('Title', Type.String())) }),
  replies: { 204: 'Changed.', 404: failure },
  handle,
});
const token = endpoint({
  method: 'POST',
  path: '/oauth/token',
  name: 'token',
  summary: 'Exchanges a grant for tokens.',
  tag: 'oauth',
  surface: 'oauth',
  body: Type.Object({ grant_type: Type.String() }),
  replies: { 200: Type.Object({}, { description: 'Tokens.' }) },
  handle,
});
const outbox = endpoint({
  method: 'GET',
  path: '/_dev/outbox',
  name: 'outbox',
  summary: 'Messages sent.',
  tag: 'development',
  surface: 'plain',
  development: true,
  replies: { 200: 'Messages.' },
  handle,
});

const OPTIONS = { title: 'Countersign', version: '1', serverUrl: 'https://tenant.example.com' };

/** The document as its consumers read it: plain JSON. */
const documentOf = (endpoints: readonly Endpoint[], more = {}): unknown =>
  JSON.parse(JSON.stringify(openApiDocument(endpoints, { ...OPTIONS, ...more })));

/** The member of `value` at `path`. */
function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((here, name) => (here as Record<string | number, unknown> | undefined)?.[name], value);
}

const keysAt = (value: unknown, ...path: readonly string[]) => Object.keys(at(value, ...path) as object);
const CLIENTS = '/api/v2/clients';
const PART = '/api/v2/clients/{id}/parts/{part}';

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => (name === '$ref' ? [String(member)] : referencesIn(member)));
}

describe('openApiDocument', () => {
  const document = documentOf([updateClient, token, listClients, outbox]);

  it('has what every document must have', () => {
    assert.equal(at(document, 'openapi'), '3.1.0');
    assert.deepEqual(at(document, 'info'), { title: 'Countersign', version: '1' });
    assert.deepEqual(at(document, 'servers'), [{ url: 'https://tenant.example.com' }]);
    assert.deepEqual(at(document, 'tags'), [{ name: 'clients' }, { name: 'oauth' }]);
    assert.deepEqual(keysAt(document, 'paths'), [CLIENTS, PART, '/oauth/token']);
    const operations = Object.values(at(document, 'paths') as object).flatMap((methods) => Object.values(methods));
    assert.deepEqual(
      operations.map((operation) => at(operation, 'operationId')),
      ['listClients', 'updateClient', 'token'],
    );
    for (const response of operations.flatMap((operation) => Object.values(at(operation, 'responses') as object))) {
      assert.equal(typeof at(response, 'description'), 'string');
    }
  });

  it('hoists titled schemas and leaves no reference dangling', () => {
    const references = referencesIn(document);
    assert.ok(references.length >= 4);
    for (const reference of references) {
      assert.ok(at(document, ...reference.replace('#/', '').split('/')), reference);
    }
    assert.deepEqual(keysAt(document, 'components', 'schemas'), ['Client', 'Error', 'Title']);
    const title = at(document, 'components', 'schemas', 'Client', 'properties', 'title');
    assert.deepEqual(title, { type: 'string', default: 'x' });
    assert.deepEqual(at(document, 'paths', CLIENTS, 'get', 'responses', 200, 'content', 'application/json', 'schema'), {
      type: 'array',
      items: { $ref: '#/components/schemas/Client' },
    });
  });

  it('describes parameters where they are', () => {
    assert.deepEqual((at(document, 'paths', CLIENTS, 'get', 'parameters') as unknown[]).at(-1), {
      name: 'q',
      in: 'query',
      required: true,
      description: 'What to look for.',
      schema: { type: 'string' },
    });
    assert.deepEqual(at(document, 'paths', PART, 'patch', 'parameters'), [
      {
        name: 'id',
        in: 'path',
        required: true,
        description: 'Id of the client.',
        schema: { type: 'string', maxLength: 64 },
      },
      { name: 'part', in: 'path', required: true, schema: { type: 'string' } },
    ]);
  });

  it('says which content types and scopes are asked for', () => {
    const post = at(document, 'paths', '/oauth/token', 'post');
    assert.deepEqual(keysAt(post, 'requestBody', 'content'), ['application/json', 'application/x-www-form-urlencoded']);
    assert.equal(at(post, 'requestBody', 'required'), true);
    assert.equal(at(post, 'security'), undefined);
    assert.deepEqual(at(document, 'paths', CLIENTS, 'get', 'security'), [
      { managementToken: ['read:clients'] },
      { managementToken: ['read:client_keys'] },
    ]);
    assert.deepEqual(
      keysAt(document, 'components', 'securitySchemes', 'managementToken', 'flows', 'clientCredentials', 'scopes'),
      ['read:client_keys', 'read:clients', 'update:clients'],
    );
  });

  it('does not depend on the order of declarations', () => {
    const one = JSON.stringify(openApiDocument([listClients, updateClient, token], OPTIONS));
    const other = JSON.stringify(openApiDocument([token, updateClient, listClients], OPTIONS));
    assert.equal(one, other);
  });

  it('shows only the surfaces asked for', () => {
    const oauth = documentOf([listClients, token], { surfaces: ['oauth'] });
    assert.deepEqual(keysAt(oauth, 'paths'), ['/oauth/token']);
    assert.deepEqual(at(oauth, 'components'), { schemas: {} });
    assert.ok(at(documentOf([outbox], { development: true }), 'paths', '/_dev/outbox'));
  });

  it('refuses contradictions', () => {
    assert.throws(() => documentOf([token, token]), /declared twice/);
    const other = { ...token, path: '/other', body: closed({ client: named('Client', Type.String()) }) };
    assert.throws(() => documentOf([listClients, other]), /called Client/);
  });
});
