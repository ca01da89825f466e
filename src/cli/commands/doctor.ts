import { existsSync } from 'node:fs';
import type { App } from '../../app.ts';
import { type Config, ConfigurationError, readConfig, rows } from '../../config.ts';
import { systemClock } from '../../kernel/index.ts';
import { listSigningKeys } from '../../resources/keys/index.ts';
import { command, type Environment } from '../command.ts';
import {
  listTenants,
  openApp,
  readOperatorConfig,
  requireMatchingSecret,
  requireSecret,
  tenantContext,
} from '../open-app.ts';
import { findCertificateProblem, readClientAuthorities, readTlsFiles } from '../tls-files.ts';

type Verdict = 'ok' | 'warning' | 'failed';

/** What one check found: a verdict and a sentence. */
type Finding = readonly [Verdict, string];

/** One check: its name, and what it looks at. Whatever it throws is a failure. */
type Check = readonly [string, () => Finding | Promise<Finding>];

/** The database without the password in it. */
function describeDatabase(url: string): string {
  if (!URL.canParse(url) || url.startsWith('sqlite:')) return url;
  const parsed = new URL(url);
  if (parsed.password) parsed.password = '***';
  return parsed.href;
}

/** A SQLite file that is not there yet: opening it would make it. */
function isNew(database: string): boolean {
  const file = database.replace(/^sqlite:/, '');
  return database.startsWith('sqlite:') && file !== ':memory:' && !existsSync(file);
}

function checkTls(config: Config): Finding {
  if (config.tlsPort === undefined) return ['ok', 'the HTTPS listener is off'];
  const files = readTlsFiles(config);
  readClientAuthorities(config);
  if (!files && config.mode === 'development') return ['ok', 'a certificate of the development authority'];
  if (!files) return ['warning', `no HTTPS listener: ${rows.tlsCert.env} and ${rows.tlsKey.env} are not set`];
  const problem = findCertificateProblem(files.cert, config.url, systemClock.now());
  return problem ? ['failed', problem] : ['ok', 'certificate and key belong together and are valid'];
}

/** A clock that went back makes new tokens look old and old codes look new. */
async function checkClock(app: App): Promise<Finding> {
  const now = new Date(systemClock.now());
  for (const { tenant } of await listTenants(app)) {
    const keys = await listSigningKeys(await tenantContext(app, tenant.name));
    const later = keys.find((key) => Date.parse(key.created_at) > now.getTime());
    if (later) return ['failed', `${now.toISOString()}, but a key of ${tenant.name} was made at ${later.created_at}`];
  }
  return ['ok', now.toISOString()];
}

function checksOf(config: Config, app: App): Check[] {
  return [
    [
      'database',
      async () => {
        await app.shared.storage.ping();
        const { length } = await listTenants(app);
        return ['ok', `${describeDatabase(config.database ?? '')}, tenants: ${length}`];
      },
    ],
    ['master key', () => requireMatchingSecret(app).then(() => ['ok', 'opens what is in the database'])],
    ['clock', () => checkClock(app)],
  ];
}

/** The checks that need the database; when it can't be opened, that is what there is to say. */
async function checkStored(config: Config, report: (name: string, check: Check[1]) => Promise<void>): Promise<void> {
  const database = config.database ?? '';
  if (isNew(database)) return report('database', () => ['ok', `${database}, made at the first start`]);
  let secret = '';
  await report('master key', () => {
    secret = requireSecret(config);
    return ['ok', 'is set'];
  });
  if (!secret) return;
  let app: App | undefined;
  await report('storage', async () => {
    app = await openApp(config, secret);
    return ['ok', 'opened'];
  });
  if (!app) return;
  for (const [name, check] of checksOf(config, app)) await report(name, check);
  await app.close();
}

function configurationFor(environment: Environment, production: boolean): Config {
  return production ? readConfig('production', environment) : readOperatorConfig(environment);
}

export const doctor = command({
  name: 'doctor',
  summary: 'Checks configuration, database, master key, clock and TLS files, without starting anything.',
  options: { production: { description: 'Check as for start even where what start needs is not set.' } },
  async run({ options, environment, print }) {
    let failed = 0;
    const report = async (name: string, check: Check[1]) => {
      const [verdict, text] = await Promise.resolve()
        .then(check)
        .catch((error: unknown): Finding => ['failed', error instanceof Error ? error.message : String(error)]);
      if (verdict === 'failed') failed += 1;
      print(`${verdict.padEnd(9)}${name.padEnd(15)}${text}`);
    };
    let config: Config | undefined;
    await report('configuration', () => {
      config = configurationFor(environment, options.production === true);
      return ['ok', `read as for ${config.mode === 'production' ? 'start' : 'dev'}`];
    });
    if (config) {
      const read = config;
      await report('tls', () => checkTls(read));
      await checkStored(read, report);
    }
    if (failed > 0) throw new ConfigurationError(failed === 1 ? 'one check failed' : `${failed} checks failed`);
  },
});
