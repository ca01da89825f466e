import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frozenClock, seededRandom } from '../kernel/index.ts';
import { nextLogId } from './index.ts';
import { readUserAgent } from './user-agent.ts';

test('ids carry the time, and go up whatever the clock does', () => {
  const clock = frozenClock(Date.parse('2026-01-15T10:00:00.000Z'));
  const random = seededRandom('ids');
  const first = nextLogId(clock, random);
  assert.match(first, /^90020260115100000000000\d{33}$/);
  const second = nextLogId(clock, random);
  clock.advance(3600);
  const third = nextLogId(clock, random);
  clock.reset();
  const fourth = nextLogId(clock, random);
  assert.deepEqual([second, first, fourth, third].sort(), [first, second, third, fourth]);
});

test('ids of two nodes differ', () => {
  const at = () => frozenClock(Date.parse('2026-01-15T10:00:00.000Z'));
  assert.notEqual(nextLogId(at(), seededRandom('one')), nextLogId(at(), seededRandom('other')));
});

test('browsers and programs are told apart', () => {
  const cases: [string, string, boolean][] = [
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
      'Chrome 120.0.0 / Mac OS X 10.15.7',
      false,
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91',
      'Edge 120.0.2210 / Windows 10.0.0',
      false,
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 Safari/604.1',
      'Mobile Safari 17.2.0 / iOS 17.2.0',
      true,
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0', 'Firefox 121.0.0 / Linux 0.0.0', false],
    ['curl/8.5.0', 'curl 8.5.0 / Other 0.0.0', false],
    ['', 'Other 0.0.0 / Other 0.0.0', false],
  ];
  for (const [header, summary, isMobile] of cases) assert.deepEqual(readUserAgent(header), { summary, isMobile });
});
