import type { Clock, Random } from '../kernel/index.ts';

/** Position of the newest id that was made with a clock: ids go up even where the clock stands still or is put back. */
interface Position {
  micros: number;
  /** The millisecond of the id before, and how it reads. */
  ms: number;
  text: string;
  /** Digits that no other process has, so that two nodes never make the same id. */
  readonly node: string;
}

const positions = new WeakMap<Clock, Position>();
const NODE_DIGITS = 33;

function nodeDigits(random: Random): string {
  const number = BigInt(`0x${random.bytes(13).toString('hex')}`);
  return number.toString().padStart(NODE_DIGITS, '0').slice(-NODE_DIGITS);
}

/**
 * An id in the shape of Auth0's: `900`, the time to the microsecond as `yyyymmddhhmmssffffff`, 33 digits. Read as text, each id is
 * greater than all that this process made before; ids of several nodes differ and interleave by their clocks.
 */
export function nextLogId(clock: Clock, random: Random): string {
  const now = clock.now() * 1000;
  let position = positions.get(clock);
  if (!position) {
    position = { micros: 0, ms: 0, text: '', node: nodeDigits(random) };
    positions.set(clock, position);
  }
  position.micros = Math.max(now, position.micros + 1);
  const ms = Math.floor(position.micros / 1000);
  if (ms !== position.ms) {
    position.ms = ms;
    position.text = new Date(ms).toISOString().replace(/\D/g, '');
  }
  const rest = String(position.micros % 1000).padStart(3, '0');
  return `900${position.text}${rest}${position.node}`;
}
