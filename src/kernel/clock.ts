/** Where time comes from. Nothing else in the product may ask the machine for it, so that tests and `/_dev/clock` can move it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** A clock that can be moved forward: development and tests only. */
export interface MovableClock extends Clock {
  /** Moves the clock forward by `seconds` (may be fractional). */
  advance(seconds: number): void;
  /** Puts the clock back on the machine's time (or, when frozen, on its starting point). */
  reset(): void;
  /** Seconds by which this clock is ahead of where it started. */
  offsetSeconds(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Runs ahead of `base` by an offset that can be changed. */
export function movableClock(base: Clock = systemClock): MovableClock {
  let offset = 0;
  return {
    now: () => base.now() + offset,
    advance: (seconds) => {
      offset += Math.round(seconds * 1000);
    },
    reset: () => {
      offset = 0;
    },
    offsetSeconds: () => offset / 1000,
  };
}

/** A clock that stands still at `start` (ms) until it is moved. */
export function frozenClock(start: number): MovableClock {
  return movableClock({ now: () => start });
}

/** The clock in whole seconds, as JWT claims want it. */
export function epochSeconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}

/** A time of `clock`, or `ms` given, in the form that Auth0 puts on the wire: `2026-11-22T10:00:00.000Z`. */
export function isoTime(source: Clock | number): string {
  return new Date(typeof source === 'number' ? source : source.now()).toISOString();
}
