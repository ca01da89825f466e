import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillOperatorPage } from './index.ts';

test('variables of an operator’s page are filled in and escaped, once', () => {
  const page = '<p title="{{error}}">{{ error_description | escape }}</p>{{-tracking-}}';
  const values = { error: 'a"b', error_description: '<b>&</b>', tracking: '1' };
  assert.equal(fillOperatorPage(page, values), '<p title="a&quot;b">&lt;b&gt;&amp;&lt;/b&gt;</p>1');
});

test('what nobody knows prints nothing, and a value is never read as a template', () => {
  assert.equal(fillOperatorPage('[{{ connection }}{{constructor}}{{ a }}]', { a: '{{ b }}', b: 'no' }), '[{{ b }}]');
  assert.equal(fillOperatorPage('{% if x %}{{ x | upcase }}', { x: 'y' }), '{% if x %}{{ x | upcase }}');
});
