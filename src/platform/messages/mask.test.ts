import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskEmail, maskEmailKeepingStart, maskPhone } from './index.ts';

test('phone numbers show their last four digits, the plus counts as hidden', () => {
  // Auth0: an authenticator `XXXXXXXXX9167` belongs to a number of twelve digits.
  assert.equal(maskPhone('+447911129167'), 'XXXXXXXXX9167');
  assert.equal(maskPhone('+15551239167'), 'XXXXXXXX9167');
  assert.equal(maskPhone('+12345'), 'XX2345');
  assert.equal(maskPhone('2345'), 'XXXX');
  assert.equal(maskPhone(''), '');
});

test('the MFA API hides the local part', () => {
  assert.equal(maskEmail('user@example.com'), '****@exam*******');
  assert.equal(maskEmail('chuck359@example.com'), '********@exam*******');
  assert.equal(maskEmail('a@b.io'), '*@****');
  assert.equal(maskEmail('a@b@example.com'), '***@exam*******');
  assert.equal(maskEmail('no-address'), '**********');
});

test('the Management API keeps its start', () => {
  assert.equal(maskEmailKeepingStart('chuck359@example.com'), 'chuc****@exam*******');
  assert.equal(maskEmailKeepingStart('user@example.com'), '****@exam*******');
  assert.equal(maskEmailKeepingStart('users@example.com'), 'user*@exam*******');
  assert.equal(maskEmailKeepingStart('grüße😀x@example.com'), 'grüß***@exam*******');
  assert.equal(maskEmailKeepingStart('no-address'), '**********');
});
