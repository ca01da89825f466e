import { type AuditEvent, Failure, WireError } from '../../kernel/index.ts';
import { presentFailure } from '../../platform/http/index.ts';

/** A refused token request that has more to say to the log than the answer does, or that has a consequence. */
export class GrantRefusal extends WireError {
  /** Joined to the failure's log row; `type` replaces the grant's own code. */
  readonly log: Partial<AuditEvent>;
  /** Done before the answer leaves, outside the transaction that failed: what was obtained with a stolen token is revoked. */
  readonly consequence: (() => Promise<unknown>) | undefined;

  constructor(
    status: number,
    error: string,
    description: string,
    options: { log?: Partial<AuditEvent>; consequence?: () => Promise<unknown>; detail?: string } = {},
  ) {
    super(
      status,
      { error, error_description: description },
      options.detail === undefined ? {} : { detail: options.detail },
    );
    this.log = options.log ?? {};
    this.consequence = options.consequence;
  }
}

/** 403 `invalid_grant`, Auth0's status for it where RFC 6749 §5.2 has 400. */
export function invalidGrant(
  description: string,
  options: ConstructorParameters<typeof GrantRefusal>[3] = {},
): GrantRefusal {
  return new GrantRefusal(403, 'invalid_grant', description, options);
}

/** A blocked user's code or refresh token, in the words that every surface uses; the log says who it was. */
export function userIsBlocked(userId: string): GrantRefusal {
  const { status, body } = presentFailure('oauth', new Failure('user_blocked', {}));
  return new GrantRefusal(status, String(body.error), String(body.error_description), { log: { user_id: userId } });
}
