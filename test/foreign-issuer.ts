/** Somebody else's server that issues JWTs: its keys, tokens made of them, and a key set on a local port. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { importSigner, type JwtMembers, signJwt } from '../src/platform/crypto/index.ts';

export interface ForeignKey {
  readonly kid: string;
  readonly privatePem: string;
  readonly publicPem: string;
  readonly jwk: Record<string, unknown>;
}

export function foreignKey(kid: string): ForeignKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    kid,
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' },
  };
}

/** A JWT signed with `key`. */
export function foreignToken(key: ForeignKey, claims: JwtMembers, typ = 'JWT'): Promise<string> {
  return signJwt(importSigner(key.privatePem, key.kid, 'RS256'), claims, { typ });
}

export interface ForeignRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

/** What is answered: JSON, and a status other than 200. */
export interface ForeignAnswer {
  readonly status?: number;
  readonly json: unknown;
}

export interface ForeignServer {
  readonly url: string;
  readonly requests: ForeignRequest[];
  close(): Promise<void>;
}

/** Answers on a local port with what `answer` makes of each request. */
export async function foreignServer(answer: (request: ForeignRequest) => ForeignAnswer): Promise<ForeignServer> {
  const requests: ForeignRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    const body = await textOf(incoming);
    const request = { method: incoming.method ?? '', path: url.pathname, query: url.searchParams, body };
    requests.push(request);
    const { status = 200, json } = answer(request);
    outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () => new Promise((closed) => server.close(() => closed()) && server.closeAllConnections()),
  };
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of incoming) text += part;
  return text;
}
