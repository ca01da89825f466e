import type { Context, LogType } from '../../kernel/index.ts';
import type { Authenticator, AuthenticatorType } from '../../resources/authentication-methods/index.ts';
import type { User } from '../../resources/users/index.ts';
import type { Challenge, OobChannel } from '../challenge.store.ts';
import type { Limit } from '../limits.ts';

/** What a user gives to set up a factor. */
export interface EnrollmentRequest {
  readonly user: User;
  /** sms or voice: how the number is confirmed. */
  readonly channel?: OobChannel;
  readonly phone_number?: string;
  /** Default: the user's own address. */
  readonly email?: string;
}

/** What a user must be told to set up a factor in an app. */
export interface SetUp {
  readonly secret?: string;
  readonly barcode_uri?: string;
}

export interface Prepared {
  /** What the new authenticator is, besides what all of them are. */
  readonly members: Partial<Authenticator>;
  readonly told: SetUp;
}

/** A message on its way to the user. */
export interface Delivery {
  readonly user: User;
  readonly authenticator: Authenticator;
  readonly challenge: Challenge;
  /** Never stored: the six digits, or what the app identifies the transaction by. */
  readonly secret: string;
}

/** One way in which a factor reaches the user. */
export interface FactorChannel {
  readonly limit: Limit;
  /** How errors speak of it. */
  readonly named: 'SMS' | 'voice' | 'email' | 'push';
  readonly log: { readonly sent: LogType; readonly failed: LogType };
  /** `code`: six digits that the user types. `approval`: the app answers by itself. */
  readonly answer: 'code' | 'approval';
  /** Hands the message to whoever delivers it; throws when it could not be sent. */
  readonly send: (ctx: Context, delivery: Delivery) => Promise<void>;
}

export interface FactorDeclaration {
  readonly type: AuthenticatorType;
  /**
   * Checks what the user gave and answers what the new authenticator `id` is made of. Stores nothing. Absent: nobody enrols in it
   * by hand.
   */
  readonly prepare?: (ctx: Context, request: EnrollmentRequest, id: string) => Promise<Prepared>;
  /** How the user is reached; none: they answer from what they have. */
  readonly channels: Partial<Readonly<Record<OobChannel, FactorChannel>>>;
}

export type Factor = FactorDeclaration;

/** Declares a factor: what setting it up takes, and how its challenges reach the user. Proving it is `verify-*.ts`. */
export function factor(declaration: FactorDeclaration): Factor {
  return declaration;
}
