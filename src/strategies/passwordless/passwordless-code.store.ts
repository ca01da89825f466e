import { type Collection, type Context, collection } from '../../kernel/index.ts';
import { hashToken } from '../../platform/crypto/index.ts';
import type { Connection } from '../../resources/connections/index.ts';

/** A code that was sent to somebody. There is one for each address of a connection: the last one. */
export interface PasswordlessCode {
  /** Hash of connection and address. */
  readonly id: string;
  /** The application that asked for it, and may redeem it. */
  readonly client_id: string;
  /** Keyed digest of the code. */
  readonly code_digest: string;
  /** Id, without the provider, of the user whom it signs up if there is none yet. */
  readonly local_id: string;
  /** Guesses so far that were not right. */
  readonly attempts: number;
  /** ms: when the code stops being good. */
  readonly valid_until: number;
  /** ms: when it is forgotten; until then who is late is told so. */
  readonly expires_at: number;
}

export const passwordlessCodesCollection = collection<PasswordlessCode>({
  name: 'passwordless_codes',
  key: 'id',
  expires: 'expires_at',
});

export function passwordlessCodesOf(ctx: Context): Collection<PasswordlessCode> {
  return ctx.store.collection(passwordlessCodesCollection);
}

/** Key of the code for `recipient`, as `normalizeRecipient` has it. The id of the connection: another one of its name is another one. */
export function codeKey({ id }: Connection, recipient: string): string {
  return hashToken(JSON.stringify([id, recipient]));
}

/** The form in which a code is stored and compared; blanks and dashes that people type do not matter. */
export function digestCode(ctx: Context, key: string, code: string): string {
  return ctx.sealer.digest(code.replace(/[\s-]/g, ''), `${ctx.tenant.id}:passwordless_codes:${key}:code`);
}
