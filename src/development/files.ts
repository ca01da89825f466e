import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createDevelopmentAuthority, issueServerCertificate } from '../platform/crypto/index.ts';

function keep(path: string, make: () => string): string {
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const made = make();
  writeFileSync(path, made, { mode: 0o600, flag: 'wx' });
  return made;
}

/** The master key of a development server: made at the first start, kept in `directory`. */
export function developmentSecret(directory: string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return keep(join(directory, 'secret'), () => randomBytes(48).toString('base64url')).trim();
}

const HOSTS = ['localhost', 'mtls.localhost', '127.0.0.1', '::1'];
const RENEW_BEFORE_MS = 30 * 24 * 3600_000;

/** Key and certificate for localhost, by an authority that is made at the first start and kept in `directory`. `caPath` is what clients are told to trust. */
export async function developmentTls(
  directory: string,
  now: number,
): Promise<{ key: string; cert: string; caPath: string }> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const caPath = resolve(directory, 'ca.pem');
  const caKeyPath = join(directory, 'ca-key.pem');
  if (!existsSync(caPath) || !existsSync(caKeyPath)) {
    const authority = await createDevelopmentAuthority({ now });
    writeFileSync(caKeyPath, authority.privateKeyPem, { mode: 0o600 });
    writeFileSync(caPath, authority.certPem, { mode: 0o644 });
  }
  const serverPath = join(directory, 'server.json');
  const kept = existsSync(serverPath)
    ? (JSON.parse(readFileSync(serverPath, 'utf8')) as { key: string; cert: string; made: number })
    : undefined;
  if (kept && now - kept.made < 365 * 24 * 3600_000 - RENEW_BEFORE_MS && now >= kept.made)
    return { key: kept.key, cert: kept.cert, caPath };
  const authority = { certPem: readFileSync(caPath, 'utf8'), privateKeyPem: readFileSync(caKeyPath, 'utf8') };
  const issued = await issueServerCertificate(authority, { hosts: HOSTS, now });
  writeFileSync(serverPath, JSON.stringify({ key: issued.privateKeyPem, cert: issued.certPem, made: now }), {
    mode: 0o600,
  });
  return { key: issued.privateKeyPem, cert: issued.certPem, caPath };
}
