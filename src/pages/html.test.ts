import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Interpolation } from './html.ts';
import { escapeHtml, html, raw, renderHtml, safeUrl } from './html.ts';

const print = (value: Interpolation) => renderHtml(html`${value}`);

test('texts are escaped for content and quoted attributes', () => {
  assert.equal(print(`<a href="x" id='y'>&\`</a>`), '&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;&#96;&lt;/a&gt;');
  assert.equal(print('a\0b'), 'a\uFFFDb');
});

test('numbers, lists and nested markup are printed, empty values vanish', () => {
  assert.equal(print([1, 'a<', html`<b>${'&'}</b>`, null, undefined, false, true]), '1a&lt;<b>&amp;</b>');
  assert.equal(print(raw('<svg/>')), '<svg/>');
});

test('an object that looks like markup but was not made here prints nothing', () => {
  const forged = JSON.parse('{"markup":"<script>","Symbol(markup)":"<script>"}') as Interpolation;
  assert.equal(print(forged), '');
});

test('no text can end the element or the attribute it stands in', () => {
  const hostile = fc.string({
    unit: fc.constantFrom('<', '>', '"', "'", '`', '&', '/', '-', '!', 'a', ' ', '=', '\0', '\n', 'é'),
  });
  fc.assert(
    fc.property(fc.oneof(hostile, fc.string()), (text: string) => {
      const page = renderHtml(html`<p title="${text}">${text}</p>`);
      const parts = /^<p title="([^"<>]*)">([^<>"'`]*)<\/p>$/.exec(page);
      assert.ok(parts, page);
      assert.equal(decode(parts[1] ?? ''), text.replaceAll('\0', '\uFFFD'));
      assert.equal(decode(parts[2] ?? ''), text.replaceAll('\0', '\uFFFD'));
    }),
  );
});

test('every ampersand that is left starts one of our own references', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.doesNotMatch(escapeHtml(text), /&(?!(amp|lt|gt|quot|#39|#96);)/);
    }),
  );
});

test('only paths and web addresses are safe to link to', () => {
  for (const url of ['/u/login?state=a', '?a=b', '#top', 'https://example.com/a', 'http://localhost:3000/']) {
    assert.equal(safeUrl(url), url);
  }
  for (const url of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    '//evil.example',
    '/\\evil.example',
    'relative',
    '',
    undefined,
  ]) {
    assert.equal(safeUrl(url), undefined, String(url));
  }
  assert.equal(safeUrl('mailto:a@example.com', ['mailto:']), 'mailto:a@example.com');
});

function decode(text: string): string {
  const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#96': '`' };
  return text.replace(/&([a-z0-9#]+);/g, (_, name) => names[String(name)] ?? '?');
}
