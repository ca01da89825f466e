import type { Endpoint } from '../../../kernel/index.ts';
import { renderMfaEmailChallenge, renderMfaSmsChallenge, renderMfaVoiceChallenge } from '../../../pages/index.ts';
import { sentCodeChallenge } from './sent-code-challenge.ts';

/** Challenges by a message with a code. */
export const sentCodeChallenges: readonly Endpoint[] = [
  ...sentCodeChallenge({
    kind: 'sms',
    path: '/u/mfa-sms-challenge',
    name: 'mfaSmsChallenge',
    summary: 'the code of a text message.',
    render: (view, { canSwitch, ...facts }) => renderMfaSmsChallenge({ ...view, ...facts, canCall: canSwitch }),
  }),
  ...sentCodeChallenge({
    kind: 'voice',
    path: '/u/mfa-voice-challenge',
    name: 'mfaVoiceChallenge',
    summary: 'the code of a phone call.',
    render: (view, { canSwitch, ...facts }) => renderMfaVoiceChallenge({ ...view, ...facts, canText: canSwitch }),
  }),
  ...sentCodeChallenge({
    kind: 'email',
    path: '/u/mfa-email-challenge',
    name: 'mfaEmailChallenge',
    summary: 'the code of an e-mail.',
    render: (view, { canSwitch: _, ...facts }) => renderMfaEmailChallenge({ ...view, ...facts }),
  }),
];
