import { closed, type Endpoint, empty, endpoint, json, type MovableClock, oauthError, Type } from '../kernel/index.ts';
import type { DevelopmentParts } from './parts.ts';

const ABOUT = { tag: 'development', surface: 'plain', development: true, path: '/_dev/clock' } as const;
const FURTHEST_SECONDS = 10 * 366 * 24 * 3600;

/** Moves `clock` on by `seconds`. 400 when that is no number or leads out of all reason. */
export function advanceClock(clock: MovableClock, seconds: number): void {
  if (!Number.isFinite(seconds) || Math.abs(seconds + clock.offsetSeconds()) > FURTHEST_SECONDS) {
    throw oauthError(
      400,
      'invalid_request',
      'advance_seconds must be a number, and the clock stays within ten years of now',
    );
  }
  clock.advance(seconds);
}

function clockState(clock: MovableClock) {
  return json(200, { now: new Date(clock.now()).toISOString(), offset_seconds: clock.offsetSeconds() });
}

/** The movable clock, for tests. */
export function clockEndpoints({ clock }: DevelopmentParts): Endpoint[] {
  return [
    endpoint({
      ...ABOUT,
      method: 'GET',
      name: 'readDevelopmentClock',
      summary: "The server's time.",
      replies: { 200: 'The time and how far it is ahead.' },
      handle: async () => clockState(clock),
    }),
    endpoint({
      ...ABOUT,
      method: 'POST',
      name: 'moveDevelopmentClock',
      summary: "Moves the server's clock: codes, tokens, sessions and one-time passwords follow.",
      accepts: ['json'],
      body: closed({ advance_seconds: Type.Number({ description: 'Seconds to add.' }) }),
      replies: { 200: 'The new time.' },
      handle: async (_ctx, { body }) => {
        advanceClock(clock, body.advance_seconds);
        return clockState(clock);
      },
    }),
    endpoint({
      ...ABOUT,
      method: 'DELETE',
      name: 'resetDevelopmentClock',
      summary: 'Puts the clock back.',
      replies: { 204: 'Done.' },
      handle: async () => {
        clock.reset();
        return empty(204);
      },
    }),
  ];
}
