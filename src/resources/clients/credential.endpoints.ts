import {
  type Context,
  closed,
  type Endpoint,
  empty,
  endpoint,
  isoTime,
  json,
  managementError,
  managementWrite,
  paging,
  shapes,
  Type,
} from '../../kernel/index.ts';
import { addCredentials } from './add-credentials.ts';
import { requireOwnCredentials } from './cimd/document-members.ts';
import { requireClient } from './clients.ts';
import { newCredentialMembers } from './credential.shapes.ts';
import { type ClientCredential, clientCredentialsOf } from './credential.store.ts';
import type { CredentialBody } from './credential-body.ts';
import { referencedCredentials } from './credential-references.ts';
import { listCredentials, presentCredential } from './credentials.ts';

const { body, choice, text } = shapes;

const LIST = '/api/v2/clients/:client_id/credentials';
const ONE = `${LIST}/:credential_id`;
const TAG = 'clients';

const client_id = Type.String({ description: 'ID of the client.' });
const credential_id = Type.String({ description: 'ID of the credential.' });

const shape = shapes.answer({
  id: text('ID of the credential.'),
  name: text('Name of the credential.'),
  kid: text('Key ID.'),
  alg: text('Algorithm that the client signs with.'),
  credential_type: choice(['public_key', 'cert_subject_dn', 'x509_cert'], 'Credential type.'),
  subject_dn: text('Subject of the certificate.'),
  thumbprint_sha256: text('SHA-256 of the certificate.'),
  created_at: text('When it was made.'),
  updated_at: text('When it was changed.'),
  expires_at: text('When it expires.'),
});

/** The credential, if it is this client's. */
async function findCredential(ctx: Context, clientId: string, id: string): Promise<ClientCredential | undefined> {
  const credential = await clientCredentialsOf(ctx).get(id);
  return credential?.client_id === clientId ? credential : undefined;
}

const missing = () => managementError(404, 'The credential does not exist', 'inexistent_credential');

async function deleteCredential(ctx: Context, clientId: string, id: string): Promise<void> {
  const client = await requireClient(ctx, clientId);
  if (!(await findCredential(ctx, clientId, id))) return;
  if (referencedCredentials(client).has(id)) {
    throw managementError(400, 'The credential is in use by the client.', 'operation_not_supported');
  }
  await clientCredentialsOf(ctx).delete(id);
}

async function changeExpiry(ctx: Context, clientId: string, id: string, expiresAt: string | null) {
  if (!(await findCredential(ctx, clientId, id))) throw missing();
  const updated_at = isoTime(ctx.clock);
  const updated = await clientCredentialsOf(ctx).update(id, ({ expires_at: _before, ...credential }) => ({
    ...credential,
    updated_at,
    ...(expiresAt === null ? {} : { expires_at: isoTime(Date.parse(expiresAt)) }),
  }));
  if (!updated) throw missing();
  return updated;
}

const reading = { surface: 'management', scopes: ['read:client_credentials'], tag: TAG } as const;

/** `/api/v2/clients/{client_id}/credentials`. */
export const credentialEndpoints: Endpoint[] = [
  endpoint({
    ...reading,
    method: 'GET',
    path: LIST,
    name: 'listClientCredentials',
    summary: 'Get client credentials',
    params: Type.Object({ client_id }),
    // SDKs send their usual paging here; the answer is always the whole list.
    query: closed(paging),
    replies: { 200: Type.Array(shape) },
    async handle(ctx, { params }) {
      await requireClient(ctx, params.client_id);
      return json(200, (await listCredentials(ctx, params.client_id)).map(presentCredential));
    },
  }),
  managementWrite({
    method: 'POST',
    path: LIST,
    name: 'createClientCredential',
    summary: 'Create a client credential',
    tag: TAG,
    scopes: ['create:client_credentials'],
    params: Type.Object({ client_id }),
    body: body<CredentialBody>(newCredentialMembers, { required: ['credential_type'] }),
    replies: { 201: shape },
    async handle(ctx, { params, body: sent }) {
      requireOwnCredentials(await requireClient(ctx, params.client_id));
      const [made] = await addCredentials(ctx, params.client_id, [sent]);
      return json(201, made ? presentCredential(made) : {});
    },
  }),
  endpoint({
    ...reading,
    method: 'GET',
    path: ONE,
    name: 'getClientCredential',
    summary: 'Get client credential details',
    params: Type.Object({ client_id, credential_id }),
    replies: { 200: shape },
    async handle(ctx, { params }) {
      await requireClient(ctx, params.client_id);
      const credential = await findCredential(ctx, params.client_id, params.credential_id);
      if (!credential) throw missing();
      return json(200, presentCredential(credential));
    },
  }),
  managementWrite({
    method: 'PATCH',
    path: ONE,
    name: 'updateClientCredential',
    summary: 'Update a client credential',
    tag: TAG,
    scopes: ['update:client_credentials'],
    params: Type.Object({ client_id, credential_id }),
    body: body<{ expires_at: string | null }>(
      { expires_at: text('When the credential expires.', { format: 'date-time', nullable: true }) },
      { minProperties: 1 },
    ),
    replies: { 200: shape },
    async handle(ctx, { params, body: sent }) {
      await requireClient(ctx, params.client_id);
      return json(
        200,
        presentCredential(await changeExpiry(ctx, params.client_id, params.credential_id, sent.expires_at)),
      );
    },
  }),
  managementWrite({
    method: 'DELETE',
    path: ONE,
    name: 'deleteClientCredential',
    summary: 'Delete a client credential',
    tag: TAG,
    scopes: ['delete:client_credentials'],
    params: Type.Object({ client_id, credential_id }),
    replies: { 204: 'Deleted.' },
    async handle(ctx, { params }) {
      await deleteCredential(ctx, params.client_id, params.credential_id);
      return empty(204);
    },
  }),
];
