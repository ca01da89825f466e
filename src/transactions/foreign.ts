import type { Context, Reply, SetCookie } from '../kernel/index.ts';
import type { StoredClient } from '../resources/clients/index.ts';
import type { Session } from '../resources/sessions/index.ts';
import type { User } from '../resources/users/index.ts';
import type { Cookies } from './device-cookie.ts';
import type { AuthorizationRequest, ForeignRequest, Refusal } from './transaction.ts';

/** What an application that speaks another protocol than OAuth asks of a login, checked as far as that protocol goes. */
export interface ForeignWish extends Partial<Pick<AuthorizationRequest, 'login_hint' | 'max_age'>> {
  readonly client: StoredClient;
  readonly foreign: ForeignRequest;
  /** Where the answer goes: one of the client's own addresses. */
  readonly redirect_uri: string;
  /** Values of `prompt`, as OpenID Connect has them. */
  readonly prompt: readonly string[];
  /** Name of the connection, if only one will do. Not checked yet. */
  readonly connection?: string | undefined;
  /** The organization as it was sent. Not checked yet. */
  readonly organization?: string | undefined;
}

/** Begins a login for `wish` in the browser that sent `cookies`: answered at once where its session is enough, else on the first page. */
export type BeginLogin = (ctx: Context, wish: ForeignWish, cookies: Cookies) => Promise<Reply>;

/** A login in which everything is proved and allowed. */
export interface FinishedLogin {
  readonly client: StoredClient;
  readonly foreign: ForeignRequest;
  readonly redirect_uri: string;
  readonly user: User;
  readonly session: Session;
  /** To be set on the answer. */
  readonly cookies: readonly SetCookie[];
  /** Uses the login up, once, as part of the transaction that saves what comes of it. Page error when it was finished meanwhile. */
  consume(): Promise<void>;
}

/** A login that comes to nothing; `refusal` says why. */
export interface RefusedLogin {
  readonly client: StoredClient;
  readonly foreign: ForeignRequest;
  readonly redirect_uri: string;
  readonly refusal: Refusal;
}

/** How logins end that were asked for in one protocol. */
export interface ForeignProtocol {
  /** Answers the application. WireError where there is nothing to answer with: then it is refused for that. */
  complete(ctx: Context, finished: FinishedLogin): Promise<Reply>;
  refuse(ctx: Context, refused: RefusedLogin): Promise<Reply>;
}

const protocols = new Map<string, ForeignProtocol>();

/** Has logins whose request says `name` end as `protocol` says. */
export function registerProtocol(name: ForeignRequest['protocol'], protocol: ForeignProtocol): void {
  protocols.set(name, protocol);
}

/** How a login ends that was asked for in the protocol of `foreign`. */
export function protocolOf({ protocol }: ForeignRequest): ForeignProtocol {
  const found = protocols.get(protocol);
  if (!found) throw new Error(`nobody speaks ${protocol}`);
  return found;
}
