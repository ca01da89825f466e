import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePhoneNumber } from './index.ts';

test('numbers in international form become E.164', () => {
  const cases: [string, string][] = [
    ['+15551239167', '+15551239167'],
    [' +1 (555) 123-9167 ', '+15551239167'],
    ['+1.555.123.9167', '+15551239167'],
    ['+44 7911 123456', '+447911123456'],
    ['+44 (0) 7911 123456', '+447911123456'],
    ['+49 30/1234567', '+49301234567'],
    ['+390612345678', '+390612345678'],
    ['+6581234567', '+6581234567'],
    ['+354 421 1234', '+3544211234'],
  ];
  for (const [input, expected] of cases) assert.equal(parsePhoneNumber(input), expected, input);
});

test('anything else is not a number to send to', () => {
  const cases = [
    ...['', '+', '5551239167', '15551239167', '0015551239167', '01115551239167', '+1', '+1555', '+1555123916'],
    ...['+155512391678', '+9995551239167', '+0155512391', 'tel:+15551239167', '+15551239167;ext=5', '+1 555 FLOWERS'],
    ...['+15551239167 ext 5', '+15551239167x5', '+15551239167,+15551239168', '+1555123\n9167', '++15551239167'],
    ...['＋15551239167', '+١٥٥٥١٢٣٩١٦٧', `+${'1'.repeat(200)}`, 'jane@example.com', '+1555123916７'],
  ];
  for (const input of cases) assert.equal(parsePhoneNumber(input), undefined, JSON.stringify(input));
});
