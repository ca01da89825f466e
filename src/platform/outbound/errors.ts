export type RefusalReason = 'invalid_url' | 'scheme' | 'credentials_in_url' | 'header' | 'address';
export type FailureReason = 'timeout' | 'response_too_large' | 'connection';

/** The request was not sent because it must not be. Sending it again gives the same answer. */
export class OutboundRefused extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.name = 'OutboundRefused';
    this.reason = reason;
  }
}

/** The request was allowed but brought no usable answer. The other side may or may not have seen it. */
export class OutboundFailed extends Error {
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'OutboundFailed';
    this.reason = reason;
  }
}
