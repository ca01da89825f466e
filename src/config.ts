import { isIP } from 'node:net';

/** One row of configuration: where it comes from, what it means. `docs/configuration.md` is generated from these rows. */
interface Row<T> {
  readonly env: string;
  /** As shown in the documentation; also parsed when the variable is absent. Undefined: no default. */
  readonly default?: string;
  readonly description: string;
  readonly parse: (text: string) => T;
}

/** A configuration that can't be used; the message names the variable and says why. */
export class ConfigurationError extends Error {}

const text = (value: string) => value;

function port(value: string): number | undefined {
  if (value === 'off') return undefined;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 65535)
    throw new ConfigurationError('must be a port number, 0 or off');
  return number;
}

function url(value: string): string {
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw new ConfigurationError('must be an http(s) URL');
  if (parsed.pathname !== '/' || parsed.search || parsed.hash)
    throw new ConfigurationError('must be a URL without path');
  return parsed.origin;
}

function secret(value: string): string {
  if (value.length < 32) throw new ConfigurationError('must have at least 32 characters');
  return value;
}

function positive(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new ConfigurationError('must be a positive whole number');
  return number;
}

const list = (value: string) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Addresses and networks: `10.0.0.1`, `10.0.0.0/8`, `::1`. */
function networks(value: string): string[] {
  const entries = list(value);
  for (const entry of entries) {
    const [address = '', prefix, ...rest] = entry.split('/');
    const bits = isIP(address) === 6 ? 128 : 32;
    const isPrefix = prefix === undefined || (/^\d+$/.test(prefix) && Number(prefix) <= bits);
    if (isIP(address) === 0 || !isPrefix || rest.length > 0)
      throw new ConfigurationError(`must be addresses and networks: ${entry} is neither`);
  }
  return entries;
}

function switched(value: string): boolean {
  if (value !== 'on' && value !== 'off') throw new ConfigurationError('must be on or off');
  return value === 'on';
}

function row<T>(env: string, parse: (text: string) => T, description: string, fallback?: string): Row<T> {
  return { env, parse, description, ...(fallback === undefined ? {} : { default: fallback }) };
}

export const rows = {
  port: row(
    'COUNTERSIGN_PORT',
    port,
    'Port of the plain HTTP listener; `0` picks a free one, `off` closes it.',
    '3000',
  ),
  tlsPort: row(
    'COUNTERSIGN_TLS_PORT',
    port,
    'Port of the HTTPS listener; `0` picks a free one, `off` closes it. In production it needs `COUNTERSIGN_TLS_CERT` and `COUNTERSIGN_TLS_KEY`.',
    '3443',
  ),
  host: row(
    'COUNTERSIGN_HOST',
    text,
    'Address to listen on. Development listens on this machine only unless told otherwise.',
    '127.0.0.1 in development, 0.0.0.0 in production',
  ),
  tlsCert: row('COUNTERSIGN_TLS_CERT', text, 'Path of the certificate chain (PEM) of the HTTPS listener.'),
  tlsKey: row('COUNTERSIGN_TLS_KEY', text, 'Path of its private key (PEM).'),
  tlsClientCertificates: row(
    'COUNTERSIGN_TLS_CLIENT_CERTIFICATES',
    switched,
    'Whether the HTTPS listener asks clients for a certificate, for mutual TLS; it requires none. Browsers whose users have certificates ask them for one: `off` spares them that.',
    'on',
  ),
  tlsClientCa: row(
    'COUNTERSIGN_TLS_CLIENT_CA',
    text,
    'Path of the certificate authorities (PEM) that clients under `tls_client_auth` may have their certificates from. Without it only registered self-signed certificates authenticate.',
  ),
  mtlsProxies: row(
    'COUNTERSIGN_MTLS_PROXIES',
    networks,
    'Comma-separated addresses or networks of proxies that check the certificates of clients and forward them in `client-certificate` (percent-encoded PEM) and `client-certificate-ca-verified` (`SUCCESS`, or `FAILED` and why). They must take both headers out of what they are sent; from everybody else the headers are ignored.',
  ),
  database: row(
    'COUNTERSIGN_DATABASE',
    text,
    '`sqlite:<path>`, `sqlite::memory:` or `postgres://…`.',
    'sqlite:./data/countersign.db',
  ),
  url: row(
    'COUNTERSIGN_URL',
    url,
    'Public URL of the default tenant; with a trailing slash it is the issuer. Production needs it.',
  ),
  secret: row(
    'COUNTERSIGN_SECRET',
    secret,
    'Master key, at least 32 characters: seals private keys, client secrets and factor secrets. Production needs it; development makes one in the data directory.',
  ),
  dataDirectory: row(
    'COUNTERSIGN_DATA',
    text,
    'Where development keeps its master key and its certificate authority.',
    './data',
  ),
  tenant: row(
    'COUNTERSIGN_TENANT',
    text,
    'Name of the default tenant, made at the first start.',
    'dev in development, main in production',
  ),
  managementClientId: row(
    'COUNTERSIGN_MANAGEMENT_CLIENT_ID',
    text,
    'Client id of a machine-to-machine application that is ensured at every start and granted every scope of the Management API.',
  ),
  managementClientSecret: row('COUNTERSIGN_MANAGEMENT_CLIENT_SECRET', secret, 'Its secret.'),
  seed: row(
    'COUNTERSIGN_SEED',
    text,
    "File applied when the database is empty: the Deploy CLI's `tenant.yaml`, plus `users:` in the format of the user import.",
  ),
  trustedProxies: row(
    'COUNTERSIGN_TRUSTED_PROXIES',
    list,
    'Comma-separated addresses or networks of proxies whose `X-Forwarded-For` and `X-Forwarded-Host` are believed.',
  ),
  smtpUrl: row('COUNTERSIGN_SMTP_URL', text, '`smtp://user:password@host:587` or `smtps://…`: where e-mail goes.'),
  mailFrom: row('COUNTERSIGN_MAIL_FROM', text, 'Sender of e-mail.'),
  twilioAccountSid: row('COUNTERSIGN_TWILIO_ACCOUNT_SID', text, 'Twilio account for SMS and voice.'),
  twilioAuthToken: row('COUNTERSIGN_TWILIO_AUTH_TOKEN', text, 'Its token.'),
  twilioFrom: row('COUNTERSIGN_TWILIO_FROM', text, 'Number that messages and calls come from.'),
  twilioMessagingServiceSid: row(
    'COUNTERSIGN_TWILIO_MESSAGING_SERVICE_SID',
    text,
    'Messaging service to use for SMS in place of a number.',
  ),
  twilioUrl: row('COUNTERSIGN_TWILIO_URL', url, "Where Twilio's API is.", 'https://api.twilio.com'),
  messageWebhookUrl: row(
    'COUNTERSIGN_MESSAGE_WEBHOOK_URL',
    text,
    'Messages of channels without another sender are posted here, signed.',
  ),
  messageWebhookSecret: row(
    'COUNTERSIGN_MESSAGE_WEBHOOK_SECRET',
    secret,
    'Key of the signature (`countersign-signature`).',
  ),
  outboundAllowedHosts: row(
    'COUNTERSIGN_OUTBOUND_ALLOWED_HOSTS',
    list,
    'Comma-separated `host[:port]` that outbound requests may reach although they are private addresses.',
  ),
  managementRateLimit: row(
    'COUNTERSIGN_MANAGEMENT_RATE_LIMIT',
    positive,
    'Management API requests a second and tenant before 429.',
    '100000',
  ),
  logLevel: row(
    'COUNTERSIGN_LOG_LEVEL',
    text,
    '`debug`, `info`, `warn`, `error` or `silent`.',
    'warn in development, info in production',
  ),
} as const;

type Rows = typeof rows;
type Value<R> = R extends Row<infer T> ? T : never;

/** Variables as they were read; `undefined` where absent and without default. */
export type Config = { readonly [K in keyof Rows]: Value<Rows[K]> | undefined } & {
  readonly mode: 'development' | 'production';
};

/** What the mode decides where nobody said otherwise. */
const MODE_DEFAULTS = {
  development: { host: '127.0.0.1', tenant: 'dev', logLevel: 'warn' },
  production: { host: '0.0.0.0', tenant: 'main', logLevel: 'info' },
} as const;

/** Reads the configuration from `environment`. ConfigurationError names the variable that is missing or wrong. */
export function readConfig(mode: Config['mode'], environment: Readonly<Record<string, string | undefined>>): Config {
  const read: Record<string, unknown> = { mode };
  for (const [name, { env, default: fallback, parse }] of Object.entries(rows) as [keyof Rows, Row<unknown>][]) {
    const decided = (MODE_DEFAULTS[mode] as Record<string, string>)[name];
    const value = environment[env] || (decided ?? fallback);
    try {
      read[name] = value === undefined ? undefined : parse(value);
    } catch (error) {
      throw new ConfigurationError(`${env} ${error instanceof Error ? error.message : 'is not valid'}`);
    }
  }
  const config = read as Config;
  if (mode === 'production') requireProduction(config);
  return config;
}

function requireProduction(config: Config): void {
  for (const name of ['url', 'secret'] as const) {
    if (config[name] === undefined)
      throw new ConfigurationError(`${rows[name].env} must be set: ${rows[name].description}`);
  }
}

/** The rows as a page of documentation. */
export function configurationPage(): string {
  const line = ({ env, default: fallback, description }: Row<unknown>) =>
    `| \`${env}\` | ${fallback ? fallback.replace(/^(\S+)$/, '`$1`') : ''} | ${description} |`;
  return [
    '# Configuration',
    '',
    'Generated from `src/config.ts`. Countersign is configured by environment variables.',
    '',
    '| variable | default | meaning |',
    '|---|---|---|',
    ...Object.values(rows).map((one) => line(one as Row<unknown>)),
    '',
  ].join('\n');
}
