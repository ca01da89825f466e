import type { Context } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { type Connection, type SocialProvider, socialProviders } from '../../resources/connections/index.ts';
import type { FederatedArrival } from '../../resources/users/index.ts';

/** What was brought, by which application, for which connection. */
export interface NativeArtifact {
  readonly client: StoredClient;
  readonly connection: Connection;
  readonly token: string;
  /** What the application says of the user: nobody vouches for it. */
  readonly profile: Readonly<Record<string, unknown>>;
}

/** The provider does not know the artifact, or it is not for us. The message is for the log. */
export class NativeLoginRefused extends Error {
  override readonly name = 'NativeLoginRefused';
}

/** Proves an artifact at its provider. Throws NativeLoginRefused; Failure temporarily_unavailable when nobody answers there. */
export type ProveArtifact = (ctx: Context, artifact: NativeArtifact) => Promise<FederatedArrival>;

/** The addresses of a well-known provider. */
export function addressesOf({ strategy }: Connection): SocialProvider {
  const found = socialProviders[strategy];
  if (!found) throw new Error(`${strategy} is no well-known provider`);
  return found;
}

/** A text that can stand in a user_id. Throws NativeLoginRefused for anything else. */
export function requireId(id: unknown): string {
  if (typeof id === 'string' && /^[\x21-\x7e]{1,255}$/.test(id)) return id;
  throw new NativeLoginRefused('the provider did not say who came');
}

/** Those of `profile` that are short texts, under the names of a user's members. */
export function textsOf(profile: Readonly<Record<string, unknown>>, names: Readonly<Record<string, string>>) {
  const found = Object.entries(names).map(([member, name]) => [member, profile[name]] as const);
  return Object.fromEntries(
    found.filter(([, value]) => typeof value === 'string' && value !== '' && value.length <= 300),
  ) as Record<string, string>;
}
