/** What the server said, kept by a client that survives it: whatever was answered must still be true after the server was killed. */

/** Refresh tokens of one login, each exchanged for the next. */
export interface Chain {
  token: string;
  /** Exchanged, oldest first: none of them may be good for anything again. */
  readonly used: string[];
  /** An exchange was asked for and never answered. */
  doubtful: boolean;
}

export interface Factor {
  readonly secret: string;
  /** The code that confirmed it. */
  readonly otp: string;
  /** Undefined when an exchange was asked for and never answered. */
  recoveryCode: string | undefined;
  readonly spentCodes: string[];
}

export interface Person {
  readonly email: string;
  chain?: Chain;
  /** An access token for the MFA API. */
  mfaToken?: string;
  factor?: Factor;
  /** A confirmation was asked for and never answered. */
  doubtfulFactor?: boolean;
}

export interface Code {
  readonly code: string;
  /** Undefined: asked for and never answered. */
  redeemed: boolean | undefined;
}

export interface Ledger {
  readonly people: Person[];
  /** Sign-ups that were never answered. */
  readonly doubtfulEmails: string[];
  readonly codes: Code[];
  /** Refresh tokens whose family was revoked. */
  readonly revoked: string[];
  /** How many requests of each kind were answered with success. */
  readonly answered: { signups: number; exchanges: number; rotations: number; enrolments: number };
}

export function newLedger(): Ledger {
  return {
    people: [],
    doubtfulEmails: [],
    codes: [],
    revoked: [],
    answered: { signups: 0, exchanges: 0, rotations: 0, enrolments: 0 },
  };
}

/** How much was answered so far. */
export function progressOf({ answered }: Ledger): number {
  return Object.values(answered).reduce((sum, count) => sum + count, 0);
}
