import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNoDocumentUrl } from './document-url.ts';

test('addresses of documents', () => {
  for (const url of ['https://partner.test/client.json', 'https://partner.test:8443/a/b', 'https://partner.test/%41'])
    assert.equal(whyNoDocumentUrl(url), undefined, url);
});

for (const [url, why] of [
  ['', /ASCII/],
  ['http://partner.test/c', /https/],
  ['HTTPS://partner.test/c', /https/],
  ['https:///partner.test/c', /host/],
  ['https:partner.test/c', /https/],
  ['https://', /host/],
  ['https://partner.test', /path/],
  ['https://partner.test/', /path/],
  ['https://localhost/c', /local/],
  ['https://LOCALHOST/c', /local/],
  ['https://localhost./c', /local/],
  ['https://a.localhost/c', /local/],
  ['https://127.0.0.1/c', /local/],
  ['https://127.1/c', /local/],
  ['https://2130706433/c', /local/],
  ['https://0x7f000001/c', /local/],
  ['https://[::1]/c', /local/],
  ['https://user@partner.test/c', /credentials/],
  ['https://user:x@partner.test/c', /credentials/],
  ['https://partner.test/c#f', /fragment/],
  ['https://partner.test/c?q', /query/],
  ['https://partner.test:0/c', /port 0/],
  ['https://partner.test:99999/c', /parsed/],
  ['https://partner.test/a/../c', /dot/],
  ['https://partner.test/./c', /dot/],
  ['https://partner.test/%2e%2E/c', /dot/],
  ['https://partner.test/c/..', /dot/],
  ['https://partner.test/%zz', /percent/],
  ['https://partner.test/%4', /percent/],
  [' https://partner.test/c', /ASCII/],
  ['https://partner.test/c\n', /ASCII/],
  ['https://partner.test\\@evil.test/c', /ASCII/],
  ['https://pärtner.test/c', /ASCII/],
  [`https://partner.test/${'x'.repeat(120)}`, /120 bytes/],
] as const) {
  test(`no address of a document: ${JSON.stringify(url)}`, () => assert.match(whyNoDocumentUrl(url) ?? '', why));
}
