import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { before, test } from 'node:test';
import * as xmlenc from 'xml-encryption';
import { wrap } from '../../../test/saml-wrapping.ts';
import { seededRandom } from '../../kernel/index.ts';
import { generateSigningKey, type SigningKeyMaterial } from '../crypto/index.ts';
import {
  element,
  encryptElement,
  InvalidXml,
  parseXml,
  signEnveloped,
  signText,
  verifyEnveloped,
  verifyText,
} from './index.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const random = { ...seededRandom('xml'), bytes: (length: number) => Buffer.alloc(length, 7) };
let key: SigningKeyMaterial;
let other: SigningKeyMaterial;

before(async () => {
  key = await generateSigningKey({ commonName: 'idp.test', now: NOW, random });
  other = await generateSigningKey({ commonName: 'evil.test', now: NOW, random });
});

const request = (id = '_1', text = 'ann@example.test') =>
  element('p:Request', { 'xmlns:p': 'urn:p', ID: id }, element('p:Issuer', {}, 'sp'), element('p:Name', {}, text));

const signed = async (document = request(), by = key, signatureAlgorithm: 'rsa-sha1' | 'rsa-sha256' = 'rsa-sha256') =>
  String(
    await signEnveloped(
      document,
      {
        privateKey: createPrivateKey(by.privateKeyPem),
        certificate: by.cert,
        signatureAlgorithm,
        digestAlgorithm: signatureAlgorithm === 'rsa-sha1' ? 'sha1' : 'sha256',
      },
      { id: 'ID', after: 'Issuer' },
    ),
  );

const verify = (text: string, allowSha1 = false) =>
  verifyEnveloped(text, { certificate: key.cert, allowSha1, id: 'ID' });

const nameIn = async (text: string) => (await verify(text))?.children.find(({ name }) => name === 'Name')?.text;

test('what is put into an element is read back as it was', async () => {
  const text = `a & b < c > "d" 'e' \r\n\t ]]> <!-- --> \u{1F600} é`;
  const read = await parseXml(String(element('a', { b: text }, text)));
  assert.equal(read.text, text);
  assert.equal(read.attributes.b, text);
  assert.equal((await parseXml(String(element('a', {}, 'x\u0000\ud800y')))).text, 'x\ufffd\ufffdy');
});

test('documents with entities, instructions or anything around them are refused', async () => {
  const laughs = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>';
  const outside = '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>';
  const deep = '<a>'.repeat(80) + '</a>'.repeat(80);
  const refused = [
    laughs,
    outside,
    deep,
    '',
    'x',
    '<a>',
    '<a/><b/>',
    '<a/>x',
    '<?php x?><a/>',
    '<a>&x;</a>',
    '<a b=1/>',
  ];
  refused.push('<a><?x y?></a>', '<a>\u0000</a>', '<!doctype a><a/>', `<a>${'x'.repeat(300_000)}</a>`);
  for (const text of refused) await assert.rejects(parseXml(text), InvalidXml, text.slice(0, 60));
});

test('comments do not cut a text short', async () => {
  const { text } = await parseXml('<a>admin@example.test<!-- x -->.evil.test<![CDATA[<&]]></a>');
  assert.equal(text, 'admin@example.test.evil.test<&');
});

test('a signed document is read from what was signed', async () => {
  assert.equal(await nameIn(await signed()), 'ann@example.test');
  assert.equal(await nameIn((await signed()).replace('ann@', 'bob@')), undefined);
  assert.equal(await nameIn(String(request())), undefined);
});

test('a comment in what was signed changes nothing that is read', async () => {
  const text = (await signed()).replace('ann@example.test', 'ann@<!-- x -->example.test');
  assert.equal(await nameIn(text), 'ann@example.test');
});

test("only the given certificate's signature counts, not the one in the document", async () => {
  assert.equal(await nameIn(await signed(request(), other)), undefined);
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
  const text = await signed();
  assert.equal(await verifyEnveloped(text, { certificate: String(ec), allowSha1: true, id: 'ID' }), undefined);
  assert.equal(await verifyEnveloped(text, { certificate: 'nonsense', allowSha1: true, id: 'ID' }), undefined);
});

test('weak algorithms are refused', async () => {
  const old = await signed(request(), key, 'rsa-sha1');
  assert.equal(await verify(old), undefined);
  assert.ok(await verify(old, true));
  const text = await signed();
  for (const name of ['xmldsig#hmac-sha1', 'xmldsig#none', 'xmldsig#dsa-sha1'])
    assert.equal(
      await verify(text.replace(/(SignatureMethod Algorithm=")[^"]*/, `$1http://www.w3.org/2000/09/${name}`)),
      undefined,
    );
});

const evil = (id: string, inside: string) =>
  `<p:Request xmlns:p="urn:p" ID="${id}"><p:Issuer>sp</p:Issuer>${inside}<p:Name>evil@example.test</p:Name></p:Request>`;

test('a signature that was wrapped is seen', async () => {
  for (const [name, attack] of wrap({ signed: await signed(), evil, id: '_1' })) {
    await parseXml(attack);
    assert.equal(await verify(attack), undefined, name);
  }
});

test('a signature beside a text is that of the text, the key and the algorithm', () => {
  const privateKey = createPrivateKey(key.privateKeyPem);
  const signature = signText('a=b', privateKey, 'rsa-sha256');
  const by = { certificate: key.cert, algorithm: 'rsa-sha256' as const };
  assert.equal(verifyText('a=b', signature, by), true);
  assert.equal(verifyText('a=c', signature, by), false);
  assert.equal(verifyText('a=b', signature, { ...by, algorithm: 'rsa-sha1' }), false);
  assert.equal(verifyText('a=b', signature, { ...by, certificate: other.cert }), false);
  assert.equal(verifyText('a=b', signature, { ...by, certificate: 'nonsense' }), false);
});

test('what was encrypted is read with the private key only', async () => {
  const encrypted = String(await encryptElement(request(), { certificate: key.cert }));
  assert.equal(encrypted.includes('ann@example.test'), false);
  const open = (pem: string) =>
    new Promise<string>((resolve, reject) =>
      xmlenc.decrypt(encrypted, { key: pem }, (error, text) => (error ? reject(error) : resolve(text))),
    );
  assert.equal(await open(key.privateKeyPem), String(request()));
  await assert.rejects(open(other.privateKeyPem));
});
