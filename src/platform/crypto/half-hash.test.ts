import assert from 'node:assert/strict';
import { test } from 'node:test';
import { halfHash } from './half-hash.ts';

test('the values that OpenID Connect Core gives for its examples (appendix A)', () => {
  assert.equal(halfHash('RS256', 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y'), '77QmUPtjPfzWtF2AnpK9RQ');
  assert.equal(
    halfHash('PS256', 'Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk'),
    'LDktKdoQak3Pk0cnXxCltA',
  );
});

test('half of the digest that goes with the algorithm', () => {
  assert.equal(halfHash('HS256', 'x').length, 22);
  assert.equal(halfHash('RS384', 'x').length, 32);
  assert.equal(halfHash('PS512', 'x').length, 43);
});
