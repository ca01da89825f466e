import { isIP } from 'node:net';
import type { Message } from '../../kernel/index.ts';
import { OutboundFailed, OutboundRefused } from '../outbound/index.ts';
import { MessageNotSent, type Sender } from './sender.ts';

export interface SmtpOptions {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (port 465). Otherwise STARTTLS is used whenever the server offers it. */
  readonly secure: boolean;
  readonly user?: string;
  readonly pass?: string;
  /** Sender of messages that name none, as `a@b.example` or `Name <a@b.example>`. */
  readonly from: string;
  /** Refuse to go on without encryption. The default is to insist exactly when there is a password to protect. */
  readonly requireTls?: boolean;
  /** Certificates (PEM) to trust instead of the usual ones. */
  readonly ca?: string;
  /** Accept any certificate: encryption without knowing with whom. */
  readonly allowInvalidCertificate?: boolean;
  /** For the whole of one message, in milliseconds. */
  readonly timeoutMs?: number;
}

/** Decides at which IP address a server may be contacted; throws OutboundRefused or OutboundFailed. */
export interface HostResolver {
  resolve(hostname: string, port: number): Promise<string>;
}

/**
 * Sends `email` over SMTP, one connection for each message. With `resolver` the connection goes to the very address
 * that it gives, for servers named by people who are not the operator. Throws MessageNotSent: retryable unless the
 * server refused for good (5xx), TLS cannot be had, or the message itself is unfit.
 */
export function smtpSender(options: SmtpOptions, resolver?: HostResolver): Sender {
  return {
    send: async (message) => {
      refuseUnfit(message, options.from);
      try {
        const host = (await resolver?.resolve(options.host, options.port)) ?? options.host;
        await sendOnce(message, options, host);
      } catch (error) {
        throw explain(error);
      }
    },
  };
}

async function sendOnce(message: Message, options: SmtpOptions, host: string): Promise<void> {
  const timeoutMs = options.timeoutMs ?? 10_000;
  // Loaded by the first message: many installations send none this way, and the library is 20 MB of memory.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host,
    port: options.port,
    secure: options.secure,
    requireTLS: options.requireTls ?? options.user !== undefined,
    tls: {
      minVersion: 'TLSv1.2',
      rejectUnauthorized: options.allowInvalidCertificate !== true,
      ...(isIP(options.host) === 0 && { servername: options.host }),
      ...(options.ca !== undefined && { ca: options.ca }),
    },
    ...(options.user !== undefined && { auth: { user: options.user, pass: options.pass ?? '' } }),
    dnsTimeout: timeoutMs,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // Neither may a text or an address make this process read a file or fetch a page.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  await transport.sendMail({
    from: message.from ?? options.from,
    // As an object it is one address; as a string it would be parsed as a list.
    to: { name: '', address: message.to },
    subject: message.subject ?? '',
    text: message.text,
    ...(message.html !== undefined && { html: message.html }),
    signal: AbortSignal.timeout(timeoutMs),
  });
}

/** One plain mailbox: no list, no display name, no comment, no quoting. */
const ADDRESS = /^[^\s\p{Cc},;:<>()[\]"\\@]+@[^\s\p{Cc},;:<>()[\]"\\@]+$/u;

/** A line break in a header starts another header, or ends them all (RFC 5322 §2.2). */
const LINE_BREAK = /[\r\n\0]/;

function refuseUnfit(message: Message, defaultFrom: string): void {
  if (message.channel !== 'email') throw new MessageNotSent(`smtp: ${message.channel} is not a channel of this sender`);
  if (!ADDRESS.test(message.to)) throw new MessageNotSent('smtp: the recipient is not one plain address');
  if (LINE_BREAK.test(message.from ?? defaultFrom)) throw new MessageNotSent('smtp: the sender has a line break');
  if (LINE_BREAK.test(message.subject ?? '')) throw new MessageNotSent('smtp: the subject has a line break');
}

/** Failures of the network and of a busy server: nodemailer's words for them. */
const PASSING_CODES = new Set(['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EDNS', 'EABORT', 'EPROTOCOL']);

interface SmtpFailure extends Error {
  readonly code?: unknown;
  /** What the network said before nodemailer put its own code. */
  readonly originalCode?: unknown;
  /** Present when the server answered: whether it refused for good (RFC 5321 §4.2.1). */
  readonly permanent?: unknown;
}

function explain(error: unknown): MessageNotSent {
  if (error instanceof OutboundRefused) return new MessageNotSent(`smtp: ${error.message}`, { cause: error });
  if (error instanceof OutboundFailed) {
    return new MessageNotSent(`smtp: ${error.message}`, { retryable: true, cause: error });
  }
  const failure: SmtpFailure = error instanceof Error ? error : new Error(String(error));
  const code = typeof failure.code === 'string' ? failure.code : failure.name;
  return new MessageNotSent(`smtp: ${code}: ${failure.message}`, { retryable: mayPassLater(failure), cause: error });
}

function mayPassLater(failure: SmtpFailure): boolean {
  if (typeof failure.permanent === 'boolean') return !failure.permanent;
  if (/CERT|UNABLE_TO_|ERR_SSL|ERR_TLS/.test(String(failure.originalCode))) return false;
  return PASSING_CODES.has(String(failure.code));
}
