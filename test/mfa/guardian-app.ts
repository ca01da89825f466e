/** An app made with the Guardian SDKs, as tests need it: one device with its key, and what it sends. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { importSigner, type Signer, signJwt } from '../../src/platform/crypto/index.ts';
import type { Answer, TestServer } from '../server.ts';
import type { MfaClient } from './mfa-client.ts';

export const PUSH = { authenticator_types: ['oob'], oob_channels: ['auth0'] };

function makeKey() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  // As Java writes it: with a sign byte.
  const signed = Buffer.concat([Buffer.alloc(1), Buffer.from(n, 'base64url')]).toString('base64url');
  return {
    jwk: { kty: 'RSA', alg: 'RS256', use: 'sig', e, n: signed },
    signer: importSigner(pem, undefined, 'RS256'),
  };
}

const key = makeKey();

/** Another device's. */
export const strangersSigner: Signer = makeKey().signer;

export const DEVICE = {
  identifier: 'installation-1',
  name: 'Anna’s phone',
  push_credentials: { service: 'GCM', token: 'fcm-token' },
  public_key: key.jwk,
};

export interface GuardianApp {
  /** Scans the QR code and registers. */
  register(barcodeUri: string, device?: object): Promise<Answer>;
  /** All of it: begun by `client`, registered here, confirmed there. */
  enroll(client: MfaClient): Promise<{ id: string; token: string; user_id: string; secret: string }>;
  /** A JWT of the device for the endpoint at `path`. */
  sign(claims: Record<string, unknown>, path: string, signer?: Signer): Promise<string>;
  /** A proof of the device's key (RFC 9449), as the SDKs make it. */
  signProof(claims: Record<string, unknown>, signer?: Signer): Promise<string>;
  /** The newest notification's data. */
  notification(): Promise<Record<string, string>>;
  /** Answers a notification. */
  resolve(data: Record<string, string>, claims: Record<string, unknown>, signer?: Signer): Promise<Answer>;
}

export function guardianApp(server: TestServer): GuardianApp {
  const app: GuardianApp = {
    register(barcodeUri, device = DEVICE) {
      const said = new URL(barcodeUri).searchParams;
      const base = (said.get('base_url') ?? '').slice(server.url.length);
      const authorization = `Ticket id="${said.get('enrollment_tx_id')}"`;
      return server.post(`${base}/api/enroll`, { headers: { authorization }, json: device });
    },
    async enroll(client) {
      const mfaToken = await client.mfaToken();
      const begun = (await client.associate(mfaToken, PUSH)).json;
      const { id, token, user_id, totp } = (await app.register(begun.barcode_uri)).json;
      const confirmed = await client.oob(mfaToken, begun.oob_code);
      assert.equal(confirmed.status, 200, confirmed.text);
      return { id, token, user_id, secret: totp.secret };
    },
    sign(claims, path, signer = key.signer) {
      const now = Math.floor(server.clock.now() / 1000);
      const aud = `${server.issuer}appliance-mfa/${path}`;
      return signJwt(signer, { iat: now, exp: now + 30, aud, iss: DEVICE.identifier, ...claims });
    },
    signProof: (claims, signer = key.signer) => signJwt(signer, claims, { typ: 'dpop+jwt' }),
    async notification() {
      const [message] = await server.messages({ channel: 'push' });
      assert.equal(message?.to, DEVICE.push_credentials.token);
      return message?.data as Record<string, string>;
    },
    async resolve(data, claims, signer) {
      const path = 'api/resolve-transaction';
      const jwt = await app.sign({ sub: data.c, auth0_guardian_method: 'push', ...claims }, path, signer);
      return server.post(`/appliance-mfa/${path}`, { bearer: data.txtkn ?? '', json: { challenge_response: jwt } });
    },
  };
  return app;
}
