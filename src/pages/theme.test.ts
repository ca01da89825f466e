import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { safeLogo, themeVariables } from './theme.ts';

const name = { companyName: 'Northwind' };

test('colours become custom properties', () => {
  const css = themeVariables({ ...name, primaryColor: '#0059D6', pageBackground: '#abc' });
  assert.match(css, /--primary:#0059d6;--on-primary:#ffffff;/);
  assert.match(css, /--page:#aabbcc$/);
});

test('a gradient becomes one', () => {
  const pageBackground = { type: 'linear-gradient', start: '#ffffff', end: '#000', angle_deg: 35 } as const;
  assert.match(themeVariables({ ...name, pageBackground }), /--page:linear-gradient\(35deg,#ffffff,#000000\)$/);
});

test('what is no colour leaves the default and prints nothing of itself', () => {
  const standard = themeVariables(name);
  for (const bad of ['red', '#12', '#12345g', 'url(https://x)', '#fff;}body{display:none', '']) {
    assert.equal(themeVariables({ ...name, primaryColor: bad, pageBackground: bad }), standard);
    const pageBackground = { type: 'linear-gradient', start: bad, end: '#fff' } as const;
    assert.equal(themeVariables({ ...name, pageBackground }), standard);
  }
});

test('buttons and links are readable in any colour', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.tuple(byte, byte, byte), (parts: number[]) => {
      const primaryColor = `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
      const css = themeVariables({ ...name, primaryColor });
      const read = (variable: string) => new RegExp(`${variable}:(#[0-9a-f]{6})`).exec(css)?.[1] ?? '';
      assert.ok(contrast(read('--primary'), read('--on-primary')) >= 4.5, css);
      for (const ground of ['#ffffff', '#eef0f4']) assert.ok(contrast(read('--link-light'), ground) >= 4.5, css);
      for (const ground of ['#1a1d24', '#252932']) assert.ok(contrast(read('--link-dark'), ground) >= 4.5, css);
    }),
  );
});

test('a logo is an https address or an image of its own', () => {
  assert.equal(safeLogo('https://cdn.example/a.png'), 'https://cdn.example/a.png');
  assert.ok(safeLogo('data:image/png;base64,AAAA'));
  for (const bad of ['http://x.example/a.png', 'javascript:x', 'data:text/html,x', '/logo.png', '', undefined]) {
    assert.equal(safeLogo(bad), undefined, String(bad));
  }
});

/** WCAG 2.2, written from its own formula and not from the module's. */
function contrast(one: string, other: string): number {
  const light = (hex: string) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, index) => {
      const part = Number.parseInt(hex.slice(1 + 2 * index, 3 + 2 * index), 16) / 255;
      return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    }, 0.05);
  return Math.max(light(one), light(other)) / Math.min(light(one), light(other));
}
