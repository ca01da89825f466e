import type { Context } from '../../../kernel/index.ts';
import type { StoredClient } from '../../../resources/clients/index.ts';

/** The parts of a request that may carry a client's credentials. */
export interface CredentialCarrier {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

/** Whose request it claims to be, and how to find out. */
export interface Claim {
  readonly client_id: string;
  /** Is it the client's? It costs the same for a client that does not exist: the time of an answer must not tell. */
  readonly verify: (client: StoredClient | undefined) => boolean | Promise<boolean>;
  /** Uses up what is good only once. Throws WireError 401 when it had been before. */
  readonly spend?: () => Promise<void>;
}

/** One way for a client to prove who it is. */
export interface ClientAuthenticationMethod {
  /** As in `token_endpoint_auth_methods_supported`. */
  readonly name: string;
  /** A proof that the client put into the request: there may be one at most (RFC 6749 §2.3). */
  readonly explicit: boolean;
  /** Is it how `client` is registered? */
  readonly isRegisteredFor: (client: StoredClient) => boolean;
  /** Does the request bring along what this method looks at? */
  readonly isIn: (ctx: Context, carrier: CredentialCarrier) => boolean;
  /** Reads it. Throws WireError 400 or 401 where it is malformed, in texts that say nothing of any client. */
  readonly read: (ctx: Context, carrier: CredentialCarrier) => Claim;
}
