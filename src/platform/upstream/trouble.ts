/**
 * - `refused`: the server said no, in the words of OAuth; `error` is its code.
 * - `invalid`: its answer is not what it must be, or not for us: nothing in it may be believed.
 * - `unreachable`: no answer, or none that could be used.
 */
export type TroubleKind = 'refused' | 'invalid' | 'unreachable';

/** What went wrong between this server and another one. The message is for people; it holds nothing secret. */
export class UpstreamTrouble extends Error {
  override readonly name = 'UpstreamTrouble';
  readonly kind: TroubleKind;
  /** The OAuth error code, where the server gave one. */
  readonly error: string | undefined;

  constructor(kind: TroubleKind, message: string, options: { error?: string | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.error = options.error;
  }
}
