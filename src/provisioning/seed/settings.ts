import { entriesOf, isMembers, type Members } from './file.ts';
import type { Section, Seeding } from './section.ts';
import { atPlace, SeedError } from './seed-error.ts';

const GUARDIAN = '/api/v2/guardian';
const SETTINGS = '/api/v2/tenants/settings';

function requireMembers(key: string, value: unknown): Members {
  if (!isMembers(value)) throw new SeedError(`${key}: must be an object`);
  return value;
}

/** A section whose whole value is the body of one request. */
function single(
  key: string,
  method: 'PUT' | 'PATCH',
  path: string,
  read = (value: Members): unknown => value,
): Section {
  return {
    key,
    needs: [[method, path]],
    async apply({ operations }, value) {
      const body = read(requireMembers(key, value));
      await atPlace(key, () => operations.call(method, path, body));
    },
  };
}

/** A section of entries that are each put under their own name. */
function named(key: string, pathOf: (entry: Members) => string, names: readonly string[]): Section {
  return {
    key,
    needs: [['PUT', pathOf({ name: 'sms', provider: 'twilio' })]],
    async apply({ operations }: Seeding, value) {
      for (const { at, entry } of entriesOf(key, value)) {
        const path = pathOf(entry);
        if (!operations.has('PUT', path))
          throw new SeedError(`${at}: there is no ${names.map((name) => entry[name]).join(' ')}`);
        const body = Object.fromEntries(Object.entries(entry).filter(([member]) => !names.includes(member)));
        await atPlace(at, () => operations.call('PUT', path, body));
      }
    },
  };
}

const segment = (value: unknown) => encodeURIComponent(String(value));

export const tenant = single('tenant', 'PATCH', SETTINGS);

/** Multi-factor settings, under the Deploy CLI's names. */
export const guardian: readonly Section[] = [
  named('guardianFactors', ({ name }) => `${GUARDIAN}/factors/${segment(name)}`, ['name']),
  named(
    'guardianFactorProviders',
    ({ name, provider }) => `${GUARDIAN}/factors/${segment(name)}/providers/${segment(provider)}`,
    ['name', 'provider'],
  ),
  named('guardianFactorTemplates', ({ name }) => `${GUARDIAN}/factors/${segment(name)}/templates`, ['name']),
  // The API takes the bare list; the file wraps it.
  single('guardianPolicies', 'PUT', `${GUARDIAN}/policies`, ({ policies, ...others }) =>
    isNothing(others) ? policies : { policies, ...others },
  ),
  single('guardianPhoneFactorSelectedProvider', 'PUT', `${GUARDIAN}/factors/phone/selected-provider`),
  single('guardianPhoneFactorMessageTypes', 'PUT', `${GUARDIAN}/factors/phone/message-types`),
];

function isNothing(members: Members): boolean {
  return Object.keys(members).length === 0;
}
