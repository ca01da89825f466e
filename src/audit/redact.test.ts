import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redact } from './redact.ts';

test('texts that open something are hidden at any depth, descriptions of them are not', () => {
  const body = {
    password: 'p',
    totp_secret: 's',
    clientSecret: 's',
    access_token: 't',
    addons: { aws: { secretKey: 'k' }, azure_sb: { sasKey: 'k' }, zoom: [{ privateKey: 'k' }] },
    token_endpoint_auth_method: 'none',
    token_lifetime: 600,
    passwordPolicy: 'good',
    refresh_token: { rotation_type: 'rotating' },
    email: 'a@example.com',
  };
  assert.deepEqual(redact(body), {
    ...body,
    password: '*****',
    totp_secret: '*****',
    clientSecret: '*****',
    access_token: '*****',
    addons: { aws: { secretKey: '*****' }, azure_sb: { sasKey: '*****' }, zoom: [{ privateKey: '*****' }] },
  });
});
