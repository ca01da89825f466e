/** What the domain needs of the machinery, as interfaces: the implementations are in `platform/`. */

/** Seals what must be readable again (private keys, factor secrets, client secrets) with the operator's master key. */
export interface Sealer {
  /** `context` is bound to the sealed value: it opens only under the same context (`tenant:collection:id:member`). */
  seal(plaintext: string, context: string): string;
  /** Throws when the value was tampered with or belongs to another context. */
  open(sealed: string, context: string): string;
  /** Keyed SHA-256 of a high-entropy secret, for comparing. */
  digest(secret: string, context: string): string;
  /** A 32-byte key for one purpose. */
  deriveKey(purpose: string): Uint8Array;
}

export type Channel = 'sms' | 'voice' | 'email' | 'push';

export interface Message {
  readonly channel: Channel;
  readonly to: string;
  readonly from?: string;
  readonly subject?: string;
  readonly text: string;
  readonly html?: string;
  /** The code or link in the text, on their own, for the development outbox. */
  readonly code?: string;
  readonly link?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Messenger {
  /** Sends, retrying what may pass; throws when it could not be sent. Never a silent success. */
  deliver(message: Message): Promise<void>;
}

export interface OutboundRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

export interface OutboundResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  text(): string;
  json(): unknown;
}

/** The one way out: guarded against requests to addresses that only this server can reach. */
export interface Outbound {
  request(request: OutboundRequest): Promise<OutboundResponse>;
  /** The TXT records of a name (RFC 1035 §3.3.14), the parts of each joined; none where there is no such name. Throws when no name server answers. */
  texts(name: string): Promise<readonly string[]>;
}
