import { type Endpoint, endpoint, json, optionalText, Type } from '../../kernel/index.ts';

/** What a page asks before it shows a form: must a puzzle be solved? This server sets none; what is guessed is counted instead. */
const challenge = (path: string, name: string, what: string): Endpoint =>
  endpoint({
    method: 'POST',
    path,
    name,
    summary: `Whether a puzzle must be solved before ${what}`,
    tag: 'classic login',
    surface: 'oauth',
    cors: 'public',
    accepts: ['json'],
    body: Type.Object({ state: optionalText('The login.') }),
    replies: { 200: Type.Object({ required: Type.Boolean() }, { description: 'None must be.' }) },
    handle: async () => json(200, { required: false }),
  });

/** Lock asks who was logged in last, to offer them a button. The login page is only shown where no session is enough, so nobody is. */
const ssoData = endpoint({
  method: 'GET',
  path: '/user/ssodata',
  name: 'readSsoData',
  summary: 'Whether somebody is logged in to this browser who need not type anything',
  tag: 'classic login',
  surface: 'oauth',
  replies: { 200: Type.Object({ sso: Type.Boolean() }, { description: 'Nobody.' }) },
  handle: async () => json(200, { sso: false }),
});

/** What Lock and auth0.js ask besides, on login pages. */
export const widgetEndpoints: readonly Endpoint[] = [
  challenge('/usernamepassword/challenge', 'readLoginChallenge', 'logging in'),
  challenge('/passwordless/challenge', 'readPasswordlessChallenge', 'a code is sent'),
  challenge('/dbconnections/signup/challenge', 'readSignUpChallenge', 'signing up'),
  challenge('/dbconnections/change_password/challenge', 'readPasswordResetChallenge', 'a password is reset'),
  ssoData,
];
