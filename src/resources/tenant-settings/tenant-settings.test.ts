import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings } from './defaults.ts';
import { flagNames } from './flags.ts';
import { settingsShape } from './settings.schema.ts';
import { applyChange } from './settings.ts';
import { flags, tenantSettings } from './tenant-settings.rows.ts';

test('every setting and every flag has a row that says what it does', () => {
  assert.deepEqual(tenantSettings.map(({ name }) => name).toSorted(), Object.keys(settingsShape).toSorted());
  assert.deepEqual(flags.map(({ name }) => name).toSorted(), flagNames.toSorted());
});

test('flags and pages are merged, lists and other members replaced, null removes', () => {
  const before = {
    ...defaultSettings(),
    change_password: { enabled: true, html: 'x' },
    allowed_logout_urls: ['https://a.test'],
  };
  const after = applyChange(before, {
    flags: { enable_sso: false },
    change_password: { enabled: false },
    allowed_logout_urls: [],
    sandbox_version: null,
  });
  assert.equal(after.flags.enable_sso, false);
  assert.equal(after.flags.disable_impersonation, true);
  assert.deepEqual(after.change_password, { enabled: false, html: 'x' });
  assert.deepEqual(after.allowed_logout_urls, []);
  assert.equal('sandbox_version' in after, false);
});

test('minutes become fractions of hours', () => {
  const after = applyChange(defaultSettings(), { session_lifetime_in_minutes: 181, default_redirection_uri: '' });
  assert.equal(after.session_lifetime, 3.0166666666666666);
  assert.equal('session_lifetime_in_minutes' in after, false);
  assert.equal('default_redirection_uri' in after, false);
});
