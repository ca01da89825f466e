import { type Context, managementError } from '../../kernel/index.ts';
import type { ClientChange } from './client.change.ts';
import type { ClientBody } from './client.defaults.ts';
import { type ClientCredential, clientCredentialsOf } from './credential.store.ts';
import { type CredentialBody, makeCredential } from './credentials.ts';

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

/** Refuses references to credentials that the client does not have. WireError 400. */
export async function requireCredentials(ctx: Context, clientId: string, change: ClientChange): Promise<void> {
  for (const id of referencedCredentials(change as Members)) {
    const credential = await clientCredentialsOf(ctx).get(id);
    if (credential?.client_id === clientId) continue;
    throw managementError(400, `Payload validation error: 'The credential does not exist: ${id}'.`, 'invalid_body');
  }
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
  const { client_authentication_methods: methods, signed_request_object: signed } = body;
  const members = { ...body };
  if (methods) {
    const taken = Object.entries(methods).map(([name, holder]) => [name, take(holder as Holder)]);
    members.client_authentication_methods = Object.fromEntries(taken);
  }
  if (signed)
    members.signed_request_object = take(signed as Holder) as NonNullable<ClientBody['signed_request_object']>;
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
  const { client_authentication_methods: methods, signed_request_object: signed } = shown;
  if (methods) {
    const all = Object.entries(methods as Record<string, Holder>).map(([name, holder]) => [name, expand(holder)]);
    expanded.client_authentication_methods = Object.fromEntries(all);
  }
  if (signed) expanded.signed_request_object = expand(signed as Holder);
  return expanded as M;
}
