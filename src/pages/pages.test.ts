import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as pages from './index.ts';
import { sampleScreens } from './pages.samples.ts';
import { en } from './texts/en.ts';

const same = (plain: string) => plain;
const plain = sampleScreens({ text: same, url: same });
const errors = {
  form: 'F',
  username: 'E1',
  email: 'E2',
  password: 'E3',
  'password-reset': 'E4',
  're-enter-password': 'E5',
  code: 'E6',
  phone: 'E7',
  isCodeCopied: 'E8',
};
const erroneous = sampleScreens({ text: same, url: same, errors });

/** Tags with their attribute names, in order. Fails on anything that is not a tag of ours with quoted attributes. */
function listTags(page: string): string[] {
  const markup = page.replace(/<(style|script)( [^>]*)>.*?<\/\1>/gs, '<$1$2></$1>');
  const tag = /<(!doctype html|\/?[a-z][a-z0-9]*)((?:\s+[a-zA-Z][\w-]*(?:="[^"<>]*")?)*)\s*\/?>/g;
  assert.doesNotMatch(markup.replace(tag, ''), /[<>"'`]/);
  const tags = Array.from(markup.matchAll(tag), ([, name, attributes = '']) => {
    const names = Array.from(attributes.matchAll(/\s([a-zA-Z][\w-]*)(="[^"]*")?/g), (match) => match[1]);
    return [name, ...names].join(' ');
  });
  // A secret is drawn in groups: how many depends on its length.
  return tags
    .filter((name, index) => !(name === 'span' && tags[index - 1] === '/span' && tags[index - 2] === 'span'))
    .filter((name, index, all) => !(name === '/span' && all[index - 1] === '/span'));
}

test('there is a sample of every screen', () => {
  const screens = Object.keys(pages).filter((name) => name.startsWith('render'));
  assert.deepEqual(Object.keys(plain).sort(), screens.sort());
});

for (const [name, draw] of Object.entries(plain)) {
  test(`${name}: no text can change the structure of the page`, () => {
    const expected = listTags(draw());
    const hostile = fc.oneof(
      fc.string(),
      fc.string({
        unit: fc.constantFrom('<', '>', '"', "'", '&', '`', '/', '=', ' ', '-', '!', 's', '\0', '\n', '{', '}'),
      }),
      fc.constantFrom(
        '"><script>alert(1)</script>',
        "' onfocus='x",
        '</style><b>',
        '-->',
        ']]>',
        '</title><p>',
        '{clientName}',
      ),
    );
    fc.assert(
      fc.property(hostile, (text: string) => {
        const screens = sampleScreens({ text: (value) => `${text}${value}`, url: same });
        assert.deepEqual(listTags(screens[name]?.() ?? ''), expected);
      }),
      { numRuns: 40 },
    );
  });

  test(`${name}: no address can run a script`, () => {
    for (const url of ['javascript:alert(1)', 'data:text/html,x', '//evil.example', 'vbscript:x']) {
      const page = sampleScreens({ text: same, url: () => url })[name]?.() ?? '';
      for (const [, value = ''] of page.matchAll(/ (?:href|src|action)="([^"]*)"/g))
        assert.ok(!value.includes(url), value);
    }
  });

  test(`${name}: every field has a label, every reference a target`, () => {
    checkFields(draw());
    checkFields(erroneous[name]?.() ?? '');
  });

  test(`${name}: every word comes from the texts`, () => {
    const marked = sampleScreens({ text: (value) => `«${value}»`, url: same })[name]?.() ?? '';
    for (const words of listWords(marked))
      assert.ok(knownWords.has(words), `not in the texts: ${JSON.stringify(words)}`);
  });
}

function checkFields(page: string): void {
  const ids = Array.from(page.matchAll(/ id="([^"]*)"/g), (match) => match[1]);
  assert.equal(new Set(ids).size, ids.length, 'ids are unique');
  for (const [, list] of page.matchAll(/ aria-(?:describedby|controls)="([^"]*)"/g)) {
    for (const id of list?.split(' ') ?? []) assert.ok(ids.includes(id), `nothing has the id ${id}`);
  }
  assert.ok([...page.matchAll(/ autofocus/g)].length <= 1, 'one focus at most');
  for (const [input] of page.matchAll(/<input [^>]*>/g)) {
    if (/ type="hidden"| hidden/.test(input)) continue;
    const id = / id="([^"]*)"/.exec(input)?.[1];
    const isInside = page.includes(`<label class="check">${input}`);
    assert.ok(isInside || page.includes(`<label for="${id}">`), `no label: ${input}`);
    assert.match(input, / type="(checkbox|radio)"| autocomplete="/);
  }
}

/** What a person or a screen reader gets to read, in pieces, without what stands between « and ». */
function listWords(page: string): string[] {
  const body = page
    .replace(/<(style|script|svg)( [^>]*)?>.*?<\/\1>/gs, '')
    .replace(/<span class="monogram[^>]*>[^<]*<\/span>/g, '')
    .replaceAll('</span><span>', '')
    .replace(/ \| ([^<]*)<\/title>/, '</title>$1<i>');
  const spoken = Array.from(
    body.matchAll(
      / (?:aria-label|alt|title|placeholder|data-copied|data-hide|data-show-label|data-hide-label)="([^"]*)"/g,
    ),
    (match) => match[1] ?? '',
  );
  return [...body.split(/<[^>]*>/), ...spoken]
    .flatMap((piece) => decode(piece).split(/«[^»]*»/))
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
}

function decode(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&#96;', '`').replaceAll('&amp;', '&');
}

const knownWords = new Set(listTexts(en).flatMap(splitText));

function listTexts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(listTexts) : [];
}

/** A text in the pieces that its places cut it into; the rules' numbers are those of the sample policy. */
function splitText(text: string): string[] {
  const counted = [text.replace('%d', '8'), text.replace('%d', '3').replace('%d', '4')];
  return [...text.split(/\{\w+\}/), ...counted].map((piece) => piece.trim());
}

test('every form posts, with the state where there is one', () => {
  for (const [name, draw] of Object.entries(plain)) {
    const page = draw();
    for (const [form] of page.matchAll(/<form [^>]*>/g))
      assert.match(form, /^<form method="post" action="[^"]+"/, name);
    if (!page.includes('<form ') || name === 'renderOutbox' || name === 'renderFormPost') continue;
    assert.match(page, /<input type="hidden" name="state" value="hKFo2SAstate">/, name);
    assert.match(page, /<button [^>]*type="submit" name="action" value="[^"]+"/, name);
  }
});

test('the first button of a form with fields is the one that Enter presses', () => {
  for (const [name, draw] of Object.entries(plain)) {
    if (name === 'renderOutbox' || !/<input class="input/.test(draw())) continue;
    assert.equal(/<button [^>]*name="action" value="([^"]+)"/.exec(draw())?.[1], 'default', name);
  }
});

test('styles and scripts carry the nonce, and nothing is inline without it', () => {
  for (const [name, draw] of Object.entries(plain)) {
    const page = draw();
    for (const [tag] of page.matchAll(/<(?:style|script)[^>]*>/g)) assert.match(tag, / nonce="bm9uY2Utbm9uY2Ut"/, name);
    assert.doesNotMatch(page, / (style|on[a-z]+)="/, name);
  }
});
