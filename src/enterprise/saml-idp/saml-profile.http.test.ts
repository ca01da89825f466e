/** What a service provider reads of a user is what the user's profile says, whatever it says. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { Browser } from '../../../test/browser.ts';
import { addPerson } from '../../../test/fixtures.ts';
import { addSamlClient, consume, EMAIL, logIn, posted, samlServer, serviceProvider } from '../../../test/saml-house.ts';
import type { TestServer } from '../../../test/server.ts';
import { CLAIM } from '../../assertions/index.ts';
import { usersOf } from '../../resources/users/index.ts';

let server: TestServer;

before(async () => {
  server = await samlServer();
});
after(() => server.close());

/** node-saml takes a text of nothing but white space for none. */
const isSomething = (text: string) => text.trim() !== '';

/** Texts, and what would be markup, a comment or a reference if it were not escaped. */
const texts = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.stringMatching(/^[<>&"'\][!\-a-z/=;#\n\t\r ]+$/),
    fc.constantFrom(']]>', '<!-- -->', 'a<!-- -->b', '&#x0;&amp;', '</saml:NameID>', ' x ', '\u2028\ufeff', '\ud800'),
  )
  .filter(isSomething);

/** XML 1.0 §2.2 has no way to write some characters: these are replaced. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;
const asXml = (text: string) => text.replace(UNWRITABLE, '\ufffd');

test('random profiles arrive as they are', async () => {
  const { user_id } = await addPerson(server.ctx, EMAIL);
  const settings = { mappings: { 'user_metadata.id': 'urn:own' }, nameIdentifierProbes: ['urn:own'] };
  const sp = await serviceProvider(server, await addSamlClient(server.ctx, settings));
  const change = (profile: { name: string; nickname: string; user_metadata: Record<string, unknown> }) =>
    usersOf(server.ctx).update(user_id, (stored) => ({ ...stored, ...profile }));
  await change({ name: 'n', nickname: 'n', user_metadata: { id: 'x' } });
  const { browser } = await logIn(server, sp, { browser: new Browser(server) });
  const profiles = fc.record({ name: texts, nickname: texts, id: texts });
  await fc.assert(
    fc.asyncProperty(profiles, async ({ name, nickname, id }) => {
      await change({ name, nickname, user_metadata: { id } });
      const page = await browser.openPage(await sp.getAuthorizeUrlAsync('', undefined, {}));
      const profile = await consume(sp, posted(page));
      assert.equal(profile[CLAIM.name], asXml(name));
      assert.equal(profile['http://schemas.auth0.com/nickname'], asXml(nickname));
      assert.equal(profile.nameID, asXml(id));
    }),
    { numRuns: 40, seed: 36 },
  );
});
