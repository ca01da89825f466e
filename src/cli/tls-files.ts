import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Config, ConfigurationError, rows } from '../config.ts';

export interface TlsFiles {
  readonly key: string;
  readonly cert: string;
}

function readText(path: string, variable: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigurationError(`${variable}: ${error instanceof Error ? error.message : 'can not be read'}`);
  }
}

function requireMatch({ key, cert }: TlsFiles): void {
  let matches: boolean;
  try {
    matches = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    throw new ConfigurationError(
      `${rows.tlsCert.env} and ${rows.tlsKey.env} must name files in PEM without a passphrase`,
    );
  }
  if (!matches) throw new ConfigurationError(`${rows.tlsKey.env} is not the key of ${rows.tlsCert.env}`);
}

/** The configured key and certificate (PEM), or undefined when neither is configured. ConfigurationError when they can't be used. */
export function readTlsFiles(config: Config): TlsFiles | undefined {
  if (!config.tlsCert && !config.tlsKey) return undefined;
  if (!config.tlsCert || !config.tlsKey) {
    throw new ConfigurationError(`${rows.tlsCert.env} and ${rows.tlsKey.env} must be set together`);
  }
  const files = { key: readText(config.tlsKey, rows.tlsKey.env), cert: readText(config.tlsCert, rows.tlsCert.env) };
  requireMatch(files);
  return files;
}

/** The configured authorities of clients' certificates (PEM), or undefined. ConfigurationError when they can't be read. */
export function readClientAuthorities(config: Config): string | undefined {
  if (!config.tlsClientCa) return undefined;
  const pem = readText(config.tlsClientCa, rows.tlsClientCa.env);
  try {
    new X509Certificate(pem);
  } catch {
    throw new ConfigurationError(`${rows.tlsClientCa.env} must name a file with certificates in PEM`);
  }
  return pem;
}

/** What is wrong with a certificate at `now` (ms) for the host of `url`, or undefined. A listener would start with it all the same. */
export function findCertificateProblem(cert: string, url: string | undefined, now: number): string | undefined {
  const certificate = new X509Certificate(cert);
  if (now < certificate.validFromDate.getTime()) return `the certificate is not valid before ${certificate.validFrom}`;
  if (now > certificate.validToDate.getTime()) return `the certificate expired at ${certificate.validTo}`;
  const host = url && new URL(url).hostname;
  if (host && !certificate.checkHost(host)) return `the certificate is not for ${host}`;
  return undefined;
}
