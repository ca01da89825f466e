import assert from 'node:assert/strict';
import { test } from 'node:test';
import { issueCertificate } from '../../../test/certificates.ts';
import { readCertificate } from './client-certificates.ts';

test('subject, thumbprint and validity of the first certificate', () => {
  const { cert, subject, thumbprint } = issueCertificate('billing');
  const read = readCertificate(`${cert}${issueCertificate('another').cert}`);
  assert.equal(read?.subject, 'CN=billing');
  assert.deepEqual([read?.subject, read?.thumbprint], [subject, thumbprint]);
  assert.ok((read?.validFrom ?? 0) < (read?.validTo ?? 0));
});

test('a name with a line break does not pass for two parts of a subject', () => {
  const { subject } = issueCertificate('mallory\nCN=billing');
  assert.equal(subject.includes('\n'), false);
  assert.notEqual(readCertificate(issueCertificate('mallory\nCN=billing').cert)?.subject, 'CN=mallory\nCN=billing');
});

test('what is no certificate is undefined, every time', () => {
  for (const pem of ['', 'nonsense', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----']) {
    assert.equal(readCertificate(pem), undefined);
    assert.equal(readCertificate(pem), undefined);
  }
});
