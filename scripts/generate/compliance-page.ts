import type { ComplianceRules } from '../../src/oauth/compliance.ts';
import { code, page, table } from './markdown.ts';

/** A rule's value as people read it; a time in seconds. */
function cellOf(value: ComplianceRules[keyof ComplianceRules]): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return String(value / 1000);
  return typeof value === 'string' ? code(value) : value.map((one) => code(one)).join(', ');
}

/** The page of compliance levels: a column each, a row for every rule. */
export function compliancePage(
  levels: Readonly<Record<string, ComplianceRules>>,
  rules: Readonly<Record<keyof ComplianceRules, string>>,
): string {
  const names = Object.keys(levels);
  const rows = (Object.entries(rules) as [keyof ComplianceRules, string][]).map(([rule, text]) => [
    text,
    ...names.map((name) => cellOf((levels[name] as ComplianceRules)[rule])),
  ]);
  return page(
    '# Compliance levels',
    'Generated from `src/oauth/compliance.ts` and `src/oauth/compliance.rows.ts`.',
    'What the `compliance_level` of a client demands beyond what holds for every client. Without a level, with `none` or with `null` it ' +
      'demands nothing. The tests are [at the authorization endpoint](../../src/oauth/authorize/compliance.http.test.ts) and ' +
      '[at the token endpoint](../../src/oauth/token/compliance.http.test.ts).',
    table(['rule', ...names.map(code)], rows),
  );
}
