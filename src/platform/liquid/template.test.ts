import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTemplate, TemplateRefused } from './index.ts';

const KNOWN = ['a', 'b', 'c.d'];
const show = (template: string, values: Record<string, string>) => readTemplate(template, KNOWN)(values);

test('conditions are joined from their end, as Liquid does', () => {
  const either = '{% if a == "1" or b == "1" %}yes{% else %}no{% endif %}';
  assert.equal(show(either, { a: '1' }), 'yes');
  assert.equal(show(either, { b: '1' }), 'yes');
  assert.equal(show(either, {}), 'no');
  const mixed = `{% if a == "1" and b == '1' or c.d contains "x" %}yes{% else %}no{% endif %}`;
  assert.equal(show(mixed, { a: '1', 'c.d': 'xyz' }), 'yes');
  assert.equal(show(mixed, { a: '1' }), 'no');
  assert.equal(show(mixed, { 'c.d': 'xyz' }), 'no');
});

test('values are escaped, text is not, and neither is read again', () => {
  const template = readTemplate('<b>{{ a }}</b>', KNOWN);
  assert.equal(
    template({ a: '<{{b}}>' }, (value) => value.replace('<', '&lt;')),
    '<b>&lt;{{b}}></b>',
  );
});

test('a value that is not there: asked for by name, and replaced by a default', () => {
  const template = '{% if a and b %}both{% elsif a %}a{% else %}none{% endif %}{% unless a %}!{% endunless %}';
  assert.equal(show(template, { a: '1', b: '2' }), 'both');
  assert.equal(show(template, { a: '1' }), 'a');
  assert.equal(show(template, {}), 'none!');
  const output = `{{ a | escape }}{{ b | default: "<b>" }}{{ c.d | escape | default: 'x' }}`;
  assert.equal(show(output, {}), '<b>x');
  assert.equal(
    readTemplate(output, KNOWN)({ a: '<', b: '>' }, (value) => `(${value})`),
    '(<)(>)x',
  );
});

test('members of a family are known whatever they are called, and nothing beside them', () => {
  const read = (template: string) => readTemplate(template, ['m.*'])({ 'm.x': '1' });
  assert.equal(read('{{ m.x }}{{ m.y }}{% if m.x == "1" %}yes{% endif %}'), '1yes');
  for (const name of ['m', 'm.', 'm.x.y', 'm.*', 'mx', 'n.x'])
    assert.throws(() => read(`{{ ${name} }}`), TemplateRefused);
});

test('what is not understood is refused', () => {
  for (const template of [
    '{{ x }}',
    '{% for a in b %}',
    '{% if a %}{% endunless %}',
    '{% unless a %}',
    '{{ a | upcase }}',
    '{{ a | default: b }}',
    '{% if a == "1" or %}{% endif %}',
    '{{',
  ])
    assert.throws(() => readTemplate(template, KNOWN), TemplateRefused, template);
});

test('single braces are text', () => assert.equal(show('code { code }}', {}), 'code { code }}'));
