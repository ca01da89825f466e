import { type Context, endpoint, json, type Reply, Type } from '../../kernel/index.ts';
import { currentSigningKey, publishedKeys } from '../../resources/keys/index.ts';
import { discoveryDocument } from './metadata.ts';

const FRESH_FOR = { 'cache-control': 'public, max-age=15, stale-while-revalidate=15, stale-if-error=86400' };

const shared = { method: 'GET', tag: 'Discovery', surface: 'oauth', cors: 'public' } as const;

function metadata(path: string, name: string, summary: string) {
  return endpoint({
    ...shared,
    path,
    name,
    summary,
    replies: { 200: Type.Object({ issuer: Type.String() }, { additionalProperties: true }) },
    handle: async (ctx) => json(200, await discoveryDocument(ctx), FRESH_FOR),
  });
}

const jwks = endpoint({
  ...shared,
  path: '/.well-known/jwks.json',
  name: 'getJwks',
  summary: 'The public keys that tokens are checked with',
  replies: { 200: Type.Object({ keys: Type.Array(Type.Object({}, { additionalProperties: true })) }) },
  handle: async (ctx) => json(200, { keys: await publishedKeys(ctx) }, FRESH_FOR),
});

/** The signing certificate in one of the forms that SAML and WS-Federation software reads. */
function certificate(
  extension: string,
  type: string,
  encode: (key: { readonly cert: string; readonly pkcs7: string }) => string | Buffer,
) {
  return endpoint({
    ...shared,
    path: `/${extension}`,
    name: `getCertificateAs${extension.charAt(0).toUpperCase()}${extension.slice(1)}`,
    summary: `The signing certificate as ${extension}`,
    replies: { 200: 'The certificate, as a file.' },
    handle: async (ctx) => download(ctx, extension, type, encode(await currentSigningKey(ctx))),
  });
}

function download(ctx: Context, extension: string, type: string, body: string | Buffer): Reply {
  const headers = {
    'content-type': type,
    'content-disposition': `attachment; filename="${ctx.tenant.name}.${extension}"`,
  };
  return { status: 200, type: 'text', body, headers };
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
}

export const discoveryEndpoints = [
  metadata('/.well-known/openid-configuration', 'getOpenidConfiguration', 'What this OpenID provider can do'),
  metadata('/.well-known/oauth-authorization-server', 'getServerMetadata', 'The same document, where RFC 8414 has it'),
  jwks,
  certificate('pem', 'application/x-pem-file', ({ cert }) => cert),
  certificate('cer', 'application/pkix-cert', ({ cert }) => derOf(cert)),
  certificate('pb7', 'application/x-pkcs7-certificates', ({ pkcs7 }) => pkcs7),
  certificate('rawpem', 'application/x-pem-file', ({ cert }) => cert.replaceAll('\r\n', '\n')),
];
