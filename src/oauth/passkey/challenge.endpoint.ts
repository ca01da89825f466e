import { endpoint, Type } from '../../kernel/index.ts';
import { startPasskeyLogin } from '../../strategies/index.ts';
import type { TokenBody } from '../token/token-request.ts';
import { answerChallenge, challengeReplies, sharedMembers } from './passkey-request.ts';

export const challengeEndpoint = endpoint({
  method: 'POST',
  path: '/passkey/challenge',
  name: 'challengePasskey',
  summary: 'Get a challenge for logging in with a passkey',
  tag: 'Passkeys',
  surface: 'oauth',
  cors: 'client',
  body: Type.Object(sharedMembers),
  replies: challengeReplies,
  handle: (ctx, { body, headers }) =>
    answerChallenge(ctx, 'login', { body: body as TokenBody, headers }, (request) => startPasskeyLogin(ctx, request)),
});
