import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redact } from './redact.ts';

test('texts that open something are hidden at any depth, descriptions of them are not', () => {
  const body = {
    password: 'p',
    totp_secret: 's',
    clientSecret: 's',
    access_token: 't',
    users: [{ password: 'p', email: 'a@b.c' }],
    options: { auth_token: 't', signing_secret: 'x', api_key: 'k', keyed: 'k' },
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
    users: [{ password: '*****', email: 'a@b.c' }],
    options: { auth_token: '*****', signing_secret: '*****', api_key: '*****', keyed: 'k' },
    addons: { aws: { secretKey: '*****' }, azure_sb: { sasKey: '*****' }, zoom: [{ privateKey: '*****' }] },
  });
});
