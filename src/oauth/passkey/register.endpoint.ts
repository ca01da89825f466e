import { anything, endpoint, oauthError, Type, WireError, webUrl } from '../../kernel/index.ts';
import { type PasskeySignUp, type PasskeyStart, startPasskeySignUp } from '../../strategies/index.ts';
import type { TokenBody } from '../token/token-request.ts';
import { answerChallenge, challengeReplies, sharedMembers } from './passkey-request.ts';

/** Members of a profile, with the most characters that each may have (Auth0). */
const LONGEST = {
  email: 254,
  phone_number: 16,
  username: 128,
  name: 300,
  given_name: 150,
  family_name: 150,
  nickname: 300,
  picture: 2048,
} as const;
const MOST_METADATA = 10;
const LONGEST_METADATA = 500;

const invalid = (text: string) => oauthError(400, 'invalid_request', text);

function requireRecord(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(
      value === undefined ? `Missing required parameter: ${name}` : `Parameter ${name} must be of type object`,
    );
  return value as Readonly<Record<string, unknown>>;
}

/** Whom the passkey is for. WireError 400. */
function readProfile(body: TokenBody): PasskeySignUp['profile'] {
  const given = requireRecord(body.user_profile, 'user_profile');
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(LONGEST, name)) throw invalid(`Parameter user_profile.${name.slice(0, 100)} is not known`);
    const longest = LONGEST[name as keyof typeof LONGEST];
    if (typeof value !== 'string' || value === '' || value.length > longest)
      throw invalid(`Parameter user_profile.${name} must be a string of 1 to ${longest} characters`);
  }
  const { picture } = given;
  if (picture !== undefined && !webUrl(picture)) throw invalid('Parameter user_profile.picture must be an address');
  const user_metadata = readMetadata(body.user_metadata);
  return { ...given, ...(user_metadata ? { user_metadata } : {}) };
}

function readMetadata(value: unknown): Record<string, unknown> | undefined {
  if (value === undefined || value === null) return undefined;
  const given = requireRecord(value, 'user_metadata');
  const entries = Object.entries(given);
  const fits = entries.every(
    ([name, text]) => name.length <= 100 && typeof text === 'string' && text.length <= LONGEST_METADATA,
  );
  if (entries.length > MOST_METADATA || !fits)
    throw invalid(`user_metadata holds at most ${MOST_METADATA} texts of ${LONGEST_METADATA} characters`);
  return { ...given };
}

/** An identifier that does not fit the connection is an `invalid_request`, in the same words as at other sign-ups. */
async function inOAuthWords(work: Promise<PasskeyStart>): Promise<PasskeyStart> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof WireError) throw invalid(String(error.body.description ?? error.message));
    throw error;
  }
}

export const registerEndpoint = endpoint({
  method: 'POST',
  path: '/passkey/register',
  name: 'registerPasskey',
  summary: 'Get a challenge for signing up with a passkey',
  tag: 'Passkeys',
  surface: 'oauth',
  cors: 'client',
  accepts: ['json'],
  body: Type.Object({
    ...sharedMembers,
    user_profile: anything(`Whom it is for. An object: ${Object.keys(LONGEST).join(', ')}.`),
    user_metadata: anything('What the user may change about themselves.'),
  }),
  replies: challengeReplies,
  handle: (ctx, { body, headers }) =>
    answerChallenge(ctx, 'register', { body: body as TokenBody, headers }, (request) => {
      const profile = readProfile(body as TokenBody);
      return inOAuthWords(startPasskeySignUp(ctx, { ...request, profile }));
    }),
});
