import type { GrantElsewhere } from '../../src/oauth/grants-elsewhere.ts';
import type { GrantTypeRule } from '../../src/resources/clients/index.ts';
import { code, page, table } from './markdown.ts';

export interface GrantTable {
  /** Who may have what: by grant type. */
  readonly rules: ReadonlyMap<string, GrantTypeRule>;
  /** What is run, and where. */
  readonly run: readonly GrantElsewhere[];
  /** What is not run. */
  readonly notOffered: readonly string[];
  /** Is there a file of this path? */
  readonly exists: (path: string) => boolean;
}

/** Every fault of the table: what is run and nobody may have, what is neither run nor known to be missing, tests that are not there. */
function faultsOf({ rules, run, notOffered, exists }: GrantTable): string[] {
  const described = new Set([...run.map(({ type }) => type), ...notOffered]);
  const untold = [...rules.keys()].filter((type) => !described.has(type));
  const unruled = [...described].filter((type) => !rules.has(type));
  const both = run.filter(({ type }) => notOffered.includes(type));
  const untested = run.filter(({ tests }) => tests.length === 0);
  const absent = run.flatMap(({ type, tests }) => tests.filter((path) => !exists(path)).map((path) => [type, path]));
  return [
    ...untold.map((type) => `${type}: neither run nor among the grants that are not offered`),
    ...unruled.map((type) => `${type}: no rule says which clients may have it`),
    ...both.map(({ type }) => `${type}: is run, and yet among the grants that are not offered`),
    ...untested.map(({ type }) => `${type}: no test shows it`),
    ...absent.map(([type, path]) => `${type}: there is no test ${path}`),
  ];
}

function whoMayHave({ confidentialOnly, firstPartyOnly, strict, flag }: GrantTypeRule): string {
  const limits = [
    ...(confidentialOnly ? ['confidential clients only'] : []),
    ...(firstPartyOnly ? ['first-party clients only'] : []),
    ...(strict || firstPartyOnly ? [] : ['no strict third-party clients']),
    ...(flag ? [`newly only with the flag ${code(flag)}`] : []),
  ];
  return limits.length > 0 ? limits.join('; ') : 'any client';
}

function rowOf(rule: GrantTypeRule, type: string, run: GrantElsewhere | undefined): string[] {
  const who = run?.permits
    ? 'who has the right by a property of its own, whatever `grant_types` say'
    : whoMayHave(rule);
  if (!run) return [code(type), who, 'not offered yet', '', '', ''];
  const tests = run.tests.map((path) => `[${path.split('/').at(-1)}](../../${path})`);
  const factor = run.secondFactor ? 'can be asked for' : '';
  return [code(type), who, code(run.at), [run.summary, ...run.rules].join(' '), factor, tests.join(' ')];
}

/** The page of grant types. Throws an Error that names every fault of the table. */
export function grantTypesPage(grants: GrantTable): string {
  const faults = faultsOf(grants);
  if (faults.length > 0) throw new Error(`grant types:\n  ${faults.join('\n  ')}`);
  const byType = new Map(grants.run.map((run) => [run.type, run]));
  const rows = [...grants.rules].map(([type, rule]) => rowOf(rule, type, byType.get(type)));
  return page(
    '# Grant types',
    'Generated from `src/resources/clients/grant-types.ts` (who may have what), the grants in `src/oauth/token/grants` and ' +
      '`src/oauth/grants-elsewhere.ts`.',
    'A client uses the grant types that its `grant_types` list; with an empty list it uses none. What it may not have can neither ' +
      'be written nor, if it was written before, be used. Every flow refuses in the same words: ' +
      "`unauthorized_client`, `Grant type 'x' not allowed for the client.`",
    'Without `grant_types`, a new client that authenticates with `none` has `authorization_code`, `implicit` and `refresh_token`; any ' +
      'other has `client_credentials` too. A client that changes to `none` loses `client_credentials`.',
    table(['grant type', 'who may have it', 'run at', 'what it does', 'second factor', 'shown by'], rows),
  );
}
