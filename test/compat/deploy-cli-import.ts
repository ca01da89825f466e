/** What an import of an export needs besides it: templates of what was exported, and what fills them in the tenant that takes it. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { runCli, type Side } from './deploy-cli.ts';
import { asTemplate, type Exported, forgetNobody, nameWhatIsNamed } from './deploy-cli-template.ts';
import { CERTIFICATE_PEM, KEY_PEM } from './rich-clients.ts';

const keyed = { KEY: KEY_PEM, CERTIFICATE: CERTIFICATE_PEM, CONNECTIONS_OIDC_SECRET: 'kept' };

/** For the first import: keys themselves, and nothing for what is not there yet. */
export const FIRST = {
  ...keyed,
  REQUEST_KEYS: [{ name: 'First key', credential_type: 'public_key', pem: KEY_PEM }],
  ORGANIZATION: '',
  LINKED: [],
};

/** For every later one: ids of what the first one made. */
export async function laterMappings({ call }: Side): Promise<object> {
  const clients = (await call('GET', '/clients?per_page=100')) as unknown as { name: string; client_id: string }[];
  const idOf = (name: string) => clients.find((client) => client.name === name)?.client_id;
  const keys = (await call('GET', `/clients/${idOf('Request signer')}/credentials`)) as unknown as { id: string }[];
  return {
    ...keyed,
    REQUEST_KEYS: keys.map(({ id }) => ({ id })),
    ORGANIZATION: (await call('GET', '/organizations/name/acme')).id,
    LINKED: [{ client_id: idOf('Native') }],
  };
}

/** The files of clients and grants of a directory that was exported, as templates. */
export function makeTemplates(directory: string): void {
  for (const file of globSync('clients/*.json', { cwd: directory })) {
    const client = JSON.parse(readFileSync(join(directory, file), 'utf8'));
    asTemplate(client);
    nameWhatIsNamed(client);
    writeFileSync(join(directory, file), JSON.stringify(client));
  }
  for (const file of globSync('grants/*.json', { cwd: directory })) {
    const grant = JSON.parse(readFileSync(join(directory, file), 'utf8'));
    forgetNobody(grant);
    writeFileSync(join(directory, file), JSON.stringify(grant));
  }
}

/** The exported file as a template, with `change` made to it. */
export function makeTemplate(file: string, change: (exported: Exported) => void = () => {}): void {
  const template = parse(readFileSync(file, 'utf8')) as Exported;
  template.clients.forEach(asTemplate);
  template.clientGrants.forEach(forgetNobody);
  change(template);
  writeFileSync(file, stringify(template));
}

/** Imports a file or directory, with `settings` in the configuration. */
export const load = (side: Side, input: string, settings: object) =>
  runCli(side, ['import', '--input_file', input], settings);
