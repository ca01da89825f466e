import type { Confirmation, Context, LogType } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import type { Authorization, ForeignAnswer } from './authorization.ts';

/**
 * Must a parameter of a grant be there? They are strings; an empty one counts as absent (RFC 6749 §3.2). Of `object` the value must be
 * there and be a JSON object: as it is in a JSON body, as its text in a form.
 */
export type Presence = 'required' | 'optional' | 'object';

interface ParamValue {
  readonly required: string;
  readonly optional: string | undefined;
  readonly object: Readonly<Record<string, unknown>>;
}

export type ParamValues<P extends Readonly<Record<string, Presence>>> = {
  readonly [Name in keyof P]: ParamValue[P[Name]];
};

/** A token request after everything that all grants share was checked. */
export interface GrantRequest<P extends Readonly<Record<string, Presence>>> {
  /** Authenticated, and allowed to use this grant. */
  readonly client: StoredClient;
  readonly params: ParamValues<P>;
  /** The words of `scope`; undefined when it was not sent. */
  readonly scope: readonly string[] | undefined;
  readonly audience: string | undefined;
  /** The keys that the request proved to have, if any. */
  readonly confirmation: Confirmation | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface GrantDeclaration<P extends Readonly<Record<string, Presence>>> {
  /** The value of `grant_type`, and of the client's `grant_types`. Who may have it: `resources/clients/grant-types.ts`. */
  readonly type: string;
  /** One sentence for `docs/compat/grant-types.md`: what is exchanged for what. */
  readonly summary: string;
  /** The rules besides those that the other members say, a sentence each. */
  readonly rules: readonly string[];
  /** The test files that show it at work. */
  readonly tests: readonly string[];
  /** Besides `grant_type`, `scope`, `audience` and the client's credentials, which every grant may be sent. */
  readonly params: P;
  /** Where the right to use it is not in the client's `grant_types` but in a property of its own: does the client have it? */
  readonly permits?: (client: StoredClient) => boolean;
  /** Where one grant type stands for several exchanges: the other one that this request is for, if any. */
  readonly choose?: (body: Readonly<Record<string, unknown>>) => Grant | undefined;
  /** Log codes of success and failure. */
  readonly log: { readonly success: LogType; readonly failure: LogType };
  /** Tokens are withheld (`mfa_required`) until a second factor is passed, where policy or audience want one. */
  readonly secondFactor?: true;
  /**
   * Checks the request and says what it entitles to. Takes nothing that can be used only once: that goes into `consume` of the
   * answer. Throws a Failure or an OAuth WireError.
   */
  readonly handle: (ctx: Context, request: GrantRequest<P>) => Promise<Authorization | ForeignAnswer>;
}

export type Grant = Omit<GrantDeclaration<Readonly<Record<string, Presence>>>, 'handle'> & {
  readonly handle: (ctx: Context, request: GrantRequest<never>) => Promise<Authorization | ForeignAnswer>;
};

/** Declares a grant: its parameters and its log codes. Who may use it, authentication, MFA, scopes and minting are the endpoint's. */
export function grant<const P extends Readonly<Record<string, Presence>>>(declaration: GrantDeclaration<P>): Grant {
  return declaration as unknown as Grant;
}
