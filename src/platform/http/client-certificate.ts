import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import { TLSSocket } from 'node:tls';
import { type ClientCertificate, readAddressList } from '../../kernel/index.ts';

/** Finds the certificate that the caller of a request proved to hold. */
export type FindCertificate = (request: IncomingMessage) => ClientCertificate | undefined;

/** Auth0 allows 4096 bytes for the header; escaped line breaks take some. */
const LONGEST_HEADER = 8192;

/**
 * The certificate of a request comes from its TLS connection, or, when the connection is one of `proxies` (addresses and networks), from
 * the headers in which Auth0's customers' edges forward it: `client-certificate`, the PEM percent-encoded, and
 * `client-certificate-ca-verified`, `SUCCESS` or `FAILED` and perhaps why. The headers of everybody else are ignored (RFC 8705 §6.5).
 */
export function certificateFinder(proxies: readonly string[]): FindCertificate {
  const trusted = readAddressList(proxies);
  return ({ socket, headers }) => {
    if (proxies.length > 0 && isListed(trusted, socket)) return readForwarded(headers);
    return socket instanceof TLSSocket ? certificateOf(socket) : undefined;
  };
}

const isListed = (isTrusted: (address: string) => boolean, { remoteAddress = '' }: Socket) => isTrusted(remoteAddress);

/** Exactly one certificate, and exactly one verdict: of headers that came twice, joined by Node, one could be the client's own. */
const ONE_CERTIFICATE = /^\s*-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\s*$/;
const VERDICT = /^(?:SUCCESS|FAILED(?::.*)?)$/;

function readForwarded(headers: IncomingMessage['headers']): ClientCertificate | undefined {
  const encoded = headers['client-certificate'];
  const verdict = headers['client-certificate-ca-verified'];
  if (typeof encoded !== 'string' || typeof verdict !== 'string' || encoded.length > LONGEST_HEADER) return undefined;
  const pem = decode(encoded);
  if (!VERDICT.test(verdict) || !ONE_CERTIFICATE.test(pem)) return undefined;
  return { pem, verified: verdict === 'SUCCESS' };
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return '';
  }
}

/** A connection shows one certificate for all its requests. */
const shown = new WeakMap<TLSSocket, ClientCertificate | null>();

function certificateOf(socket: TLSSocket): ClientCertificate | undefined {
  let certificate = shown.get(socket);
  if (certificate === undefined) {
    const peer = socket.getPeerX509Certificate();
    certificate = peer ? { pem: peer.toString(), verified: socket.authorized } : null;
    shown.set(socket, certificate);
  }
  return certificate ?? undefined;
}
