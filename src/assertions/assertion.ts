import type { Context } from '../kernel/index.ts';
import type { EncryptionTarget, EnvelopedSignature } from '../platform/xml/index.ts';
import type { Claim } from './claim.ts';
import type { NameIdentifier } from './name-identifier.ts';

/** What an assertion is to say, in either version of SAML. */
export interface AssertionTerms {
  readonly issuer: string;
  /** For whom it is; left out, it is for anybody who receives it. */
  readonly audience?: string | undefined;
  readonly subject: NameIdentifier;
  readonly claims: readonly Claim[];
  /** Seconds from now. */
  readonly lifetime: number;
  /** ms: when the user proved who they are. */
  readonly authenticatedAt: number;
  /** How: `AuthnContextClassRef` (2.0), `AuthenticationMethod` (1.1). */
  readonly authnContext: string;
  /** Where it is to be handed in. 2.0 only. */
  readonly recipient?: string | undefined;
  /** The request that it answers. 2.0 only. */
  readonly inResponseTo?: string | undefined;
  /** What a logout calls the session. 2.0 only. */
  readonly sessionIndex?: string | undefined;
  /** Say which XML Schema type each value has; all are `xs:anyType` otherwise. 2.0 only. */
  readonly typedAttributes?: boolean | undefined;
  /** Say what kind of name each attribute has. 2.0 only. */
  readonly includeAttributeNameFormat?: boolean | undefined;
  /** Left out where what is around it is signed. */
  readonly signature?: EnvelopedSignature | undefined;
  readonly encryption?: EncryptionTarget | undefined;
}

/** `_` and 160 random bits: an XML name that nobody guesses (SAML core §1.3.4). */
export function newMessageId(ctx: Context): string {
  return `_${ctx.random.bytes(20).toString('hex')}`;
}
