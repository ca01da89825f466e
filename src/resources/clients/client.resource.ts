import {
  type Asked,
  type Context,
  type Endpoint,
  json,
  managementError,
  managementWrite,
  resource,
  shapes,
  Type,
} from '../../kernel/index.ts';
import { currentSigningKey } from '../keys/index.ts';
import { requireOwnMembers } from './cimd/document-members.ts';
import type { ClientChange } from './client.change.ts';
import { type ClientBody, isStrictThirdParty } from './client.defaults.ts';
import { clientFields } from './client.fields.ts';
import { clientFilters, keepClients } from './client.filters.ts';
import { answerMembers, createMembers, updateMembers } from './client.shapes.ts';
import { clientsCollection, findClient, type StoredClient } from './client.store.ts';
import type { Client } from './client.ts';
import {
  createClient,
  MISSING_CLIENT,
  presentClient,
  requireClient,
  rotateClientSecret,
  updateClient,
} from './clients.ts';
import { expandCredentials } from './credential-references.ts';
import { listCredentials, presentCredential } from './credentials.ts';

const PATH = '/api/v2/clients';
const READ = ['read:clients', 'read:client_keys', 'read:client_credentials', 'read:client_summary'];

const shape = shapes.answer(answerMembers);

/** What holders of `read:client_summary` alone may see. */
const SUMMARY = ['client_id', 'tenant', 'name', 'description', 'app_type', 'logo_uri', 'is_first_party', 'global'];

const mayKnowKeys = ({ principal }: Asked) =>
  ['read:client_keys', 'update:client_keys', 'create:client_keys'].some((scope) => principal?.scopes.has(scope));

/** Okta, which the tenant gave nothing but leave to set up connections: what opens other companies' services is not for it. */
async function isOutsider(ctx: Context, { principal }: Asked): Promise<boolean> {
  const caller = principal && (await findClient(ctx, principal.clientId));
  return caller?.app_type === 'express_configuration';
}

const withoutAddons = ({ addons: _addons, ...rest }: Client): Partial<Client> => rest;

/** How an answer to a write names the owner of the certificate; whoever only reads is told that the member is deprecated. */
const certificateOwner = (ctx: Context) => `/CN=${new URL(ctx.canonicalIssuer).hostname}`;

async function present(ctx: Context, client: StoredClient, asked: Asked, subject?: string): Promise<Partial<Client>> {
  const secrets = mayKnowKeys(asked);
  const signing = secrets ? await currentSigningKey(ctx) : undefined;
  const shown = presentClient(ctx, client, { secrets, signing, ...(subject ? { subject } : {}) });
  const scopes = asked.principal?.scopes;
  if (await isOutsider(ctx, asked)) return withoutAddons(shown);
  if (secrets || scopes?.has('read:clients') || scopes?.has('update:clients')) return shown;
  const names = scopes?.has('read:client_credentials') ? [...SUMMARY, 'client_authentication_methods'] : SUMMARY;
  return Object.fromEntries(Object.entries(shown).filter(([name]) => names.includes(name)));
}

/** Who made a client is told its secret, once, whatever else they may read. */
async function presentNew(ctx: Context, client: StoredClient): Promise<object> {
  const signing = await currentSigningKey(ctx);
  const shown = presentClient(ctx, client, { secrets: true, signing, subject: certificateOwner(ctx) });
  const credentials = await listCredentials(ctx, client.client_id);
  const byId = new Map(credentials.map((credential) => [credential.id, presentCredential(credential)]));
  return { ...expandCredentials(shown, (id) => byId.get(id)), encrypted: true };
}

/** Members that need a scope of their own to be changed. */
const OWN_SCOPES: Readonly<Record<string, readonly string[]>> = {
  client_secret: ['update:client_keys'],
  client_authentication_methods: ['update:clients', 'update:client_credentials'],
  signed_request_object: ['update:clients', 'update:client_credentials'],
  token_vault_privileged_access: ['update:client_token_vault_privileged_access', 'update:clients'],
};

function requireAnyOf(scopes: readonly string[], { principal }: Asked): void {
  if (scopes.some((scope) => principal?.scopes.has(scope))) return;
  const text = `Insufficient scope, expected any of: ${scopes.join(',')}`;
  throw managementError(403, text, 'insufficient_scope');
}

function requireScopes(change: ClientChange, asked: Asked): void {
  for (const name of Object.keys(change))
    requireAnyOf(OWN_SCOPES[name] ?? ['update:clients', 'update:client_keys'], asked);
}

/** Auth0: whoever gives a new client keys of its own makes credentials, and needs the scope for that, too. */
async function create(ctx: Context, body: ClientBody, asked: Asked): Promise<StoredClient> {
  if (body.client_authentication_methods) requireAnyOf(['create:client_credentials'], asked);
  return createClient(ctx, body);
}

/** Auth0: whose application it is, and by which rules, is decided once where the rules are strict; a mode is for ever in any case. */
function requireSameSide(
  client: StoredClient,
  { is_first_party, third_party_security_mode: mode }: ClientChange,
): void {
  const kept = client.third_party_security_mode ?? (client.is_first_party ? undefined : 'permissive');
  const changesMode = mode !== undefined && mode !== kept;
  const changesSide = is_first_party !== undefined && is_first_party !== client.is_first_party;
  if (changesMode || (changesSide && isStrictThirdParty(client))) {
    const name = changesMode ? 'third_party_security_mode' : 'is_first_party';
    throw managementError(400, `${name} cannot be changed after the client was created.`, 'operation_not_supported');
  }
}

async function change(ctx: Context, client: StoredClient, body: ClientChange, asked: Asked): Promise<StoredClient> {
  requireScopes(body, asked);
  requireOwnMembers(client, body);
  requireSameSide(client, body);
  return updateClient(ctx, client, body);
}

/** `/api/v2/clients`: all but deleting, which reaches into other resources. */
export const clientResourceEndpoints: Endpoint[] = [
  ...resource<StoredClient, ClientBody, ClientChange>({
    path: PATH,
    param: 'id',
    tag: 'clients',
    noun: 'client',
    collection: clientsCollection,
    shape,
    missing: MISSING_CLIENT,
    fields: clientFields,
    always: ['tenant'],
    present: (ctx, client, asked) => present(ctx, client, asked),
    list: {
      summary: 'Get clients',
      scopes: READ,
      key: 'clients',
      checkpoint: true,
      filters: clientFilters,
      keep: keepClients,
      orderBy: 'created_at',
    },
    create: {
      summary: 'Create a client',
      scopes: ['create:clients'],
      body: shapes.body<ClientBody>(createMembers, { required: ['name'] }),
      run: create,
      present: presentNew,
    },
    get: { summary: 'Get a client by ID', scopes: READ },
    update: {
      summary: 'Update a client',
      scopes: [
        'update:clients',
        'update:client_keys',
        'update:client_credentials',
        'update:client_token_vault_privileged_access',
      ],
      body: shapes.body<ClientChange>(updateMembers, { minProperties: 1 }),
      run: change,
      present: (ctx, client, asked) => present(ctx, client, asked, certificateOwner(ctx)),
    },
  }),
  managementWrite({
    method: 'POST',
    path: `${PATH}/:id/rotate-secret`,
    name: 'rotateClientSecret',
    summary: 'Rotate a client secret',
    tag: 'clients',
    scopes: ['update:client_keys'],
    params: Type.Object({ id: Type.String({ description: 'ID of the client.' }) }),
    replies: { 200: shape },
    async handle(ctx, { params: { id } }) {
      const client = await rotateClientSecret(ctx, await requireClient(ctx, id));
      return json(200, presentClient(ctx, client, { secrets: true, signing: await currentSigningKey(ctx) }));
    },
  }),
];
