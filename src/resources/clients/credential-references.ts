import type { Context } from '../../kernel/index.ts';
import type { ClientChange } from './client.change.ts';
import type { ClientBody } from './client.defaults.ts';
import { type ClientCredential, clientCredentialsOf } from './credential.store.ts';
import { type CredentialBody, MOST_CREDENTIALS, refuse, tooManyCredentials } from './credential-body.ts';
import { makeCredential } from './credentials.ts';

type Members = Readonly<Record<string, unknown>>;
type Holder = { readonly credentials?: readonly unknown[] };

/** Members of a client that hold credentials, directly or by authentication method. */
const HOLDERS = ['signed_request_object', 'token_vault_privileged_access'] as const;

/** Every list of credentials in `members`. */
function holdersIn(members: Members): Holder[] {
  const methods = Object.values((members.client_authentication_methods ?? {}) as Record<string, Holder>);
  const others = HOLDERS.map((name) => members[name] as Holder | null | undefined);
  return [...methods, ...others].filter((holder) => holder !== null && holder !== undefined);
}

/** The ids of all credentials that a client refers to. */
export function referencedCredentials(members: Members): Set<string> {
  const references = holdersIn(members).flatMap((holder) => holder.credentials ?? []) as { id: string }[];
  return new Set(references.map(({ id }) => id));
}

/** The type of credential that each way of authenticating, and each of `HOLDERS`, rests on. */
const TYPES: Readonly<Record<string, ClientCredential['credential_type']>> = {
  signed_request_object: 'public_key',
  token_vault_privileged_access: 'public_key',
  private_key_jwt: 'public_key',
  tls_client_auth: 'cert_subject_dn',
  self_signed_tls_client_auth: 'x509_cert',
};

/** Refuses references to credentials that the client does not have, that are of the wrong type, or are too many. WireError 400. */
export async function requireCredentials(ctx: Context, clientId: string, change: ClientChange): Promise<void> {
  requireFew(change as Members);
  for (const id of referencedCredentials(change as Members)) {
    const credential = await clientCredentialsOf(ctx).get(id);
    if (credential?.client_id !== clientId) throw refuse(`The credential does not exist: ${id}`);
  }
  const methods = (change.client_authentication_methods ?? {}) as Record<string, Holder>;
  const others = HOLDERS.map((name) => [name, (change[name] ?? {}) as Holder] as const);
  for (const [holder, { credentials = [] }] of [...Object.entries(methods), ...others]) {
    for (const { id } of credentials as { id: string }[]) await requireType(ctx, holder, id);
  }
}

function requireFew(members: Members): void {
  if (holdersIn(members).some(({ credentials = [] }) => credentials.length > MOST_CREDENTIALS)) {
    throw tooManyCredentials();
  }
}

async function requireType(ctx: Context, holder: string, id: string): Promise<void> {
  const type = (await clientCredentialsOf(ctx).get(id))?.credential_type;
  if (type !== TYPES[holder]) throw refuse(`A credential of type ${type} cannot be used for ${holder}: ${id}`);
}

/**
 * Takes credentials that are sent whole with a new client out of its body: answers the body with references in their place, and the
 * credentials to store. WireError 400 when one cannot be read.
 */
export function takeNewCredentials(
  ctx: Context,
  clientId: string,
  body: ClientBody,
): { members: ClientBody; credentials: ClientCredential[] } {
  requireFew(body);
  const credentials: ClientCredential[] = [];
  const take = (holder: Holder): Holder => ({
    ...holder,
    ...(holder.credentials ? { credentials: (holder.credentials as CredentialBody[]).map(store) } : {}),
  });
  const store = (sent: CredentialBody) => {
    const made = makeCredential(ctx, clientId, sent);
    credentials.push(made);
    return { id: made.id };
  };
  const { client_authentication_methods: methods } = body;
  const members: ClientBody = { ...body };
  if (methods) {
    const taken = Object.entries(methods).map(([name, holder]) => [name, take(holder as Holder)]);
    members.client_authentication_methods = Object.fromEntries(taken);
  }
  for (const name of HOLDERS) if (body[name]) Object.assign(members, { [name]: take(body[name] as Holder) });
  return { members, credentials };
}

/** `shown` with every reference to a credential replaced by what `present` makes of it: only the answer to making a client has this. */
export function expandCredentials<M extends Members>(shown: M, present: (id: string) => object | undefined): M {
  const expand = (holder: Holder): Holder => ({
    ...holder,
    ...(holder.credentials
      ? { credentials: (holder.credentials as { id: string }[]).map((one) => present(one.id) ?? one) }
      : {}),
  });
  const expanded: Record<string, unknown> = { ...shown };
  const { client_authentication_methods: methods } = shown;
  if (methods) {
    const all = Object.entries(methods as Record<string, Holder>).map(([name, holder]) => [name, expand(holder)]);
    expanded.client_authentication_methods = Object.fromEntries(all);
  }
  for (const name of HOLDERS) if (shown[name]) expanded[name] = expand(shown[name] as Holder);
  return expanded as M;
}
