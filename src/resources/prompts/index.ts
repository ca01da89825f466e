/**
 * Settings of the login pages, `/api/v2/prompts`, as far as this version has them: the pages are of one kind, so there is nothing to
 * choose yet. What would change them is refused and not stored. Tools that manage a tenant read and write them before anything else.
 */
import { type Endpoint, endpoint, json, managementError, managementWrite, shapes } from '../../kernel/index.ts';

const PATH = '/api/v2/prompts';
const TAG = 'prompts';

/** What is so, and cannot be otherwise. */
const SETTINGS = {
  universal_login_experience: 'new',
  identifier_first: false,
  webauthn_platform_first_factor: false,
} as const;
type Settings = { readonly [Name in keyof typeof SETTINGS]?: string | boolean | null };

const REFUSALS: { readonly [Name in keyof typeof SETTINGS]: string } = {
  universal_login_experience:
    'The classic experience is not offered by this server. A login page that has custom_login_page is shown in either; ' +
    'Auth0’s own classic page is not part of it.',
  identifier_first: 'identifier_first is not supported by this server.',
  webauthn_platform_first_factor: 'webauthn_platform_first_factor is not supported by this server.',
};

const members = (nullable: boolean) => ({
  universal_login_experience: shapes.choice(['new', 'classic'], 'Which login pages people see.'),
  identifier_first: shapes.flag('Whether the identifier is asked for on a page of its own.', { nullable }),
  webauthn_platform_first_factor: shapes.flag('Whether device biometrics may be the first factor.', { nullable }),
});
const replies = { 200: shapes.answer(members(false)) };

/** WireError 400 for what this server cannot do. `null` is the default. */
function requireOffered(sent: Settings): void {
  for (const [name, value] of Object.entries(sent) as [keyof typeof SETTINGS, unknown][])
    if ((value ?? SETTINGS[name]) !== SETTINGS[name])
      throw managementError(400, REFUSALS[name], 'operation_not_supported');
}

export const promptEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: PATH,
    name: 'getPromptSettings',
    summary: 'Get Prompt Settings',
    tag: TAG,
    surface: 'management',
    scopes: ['read:prompts'],
    replies,
    handle: async () => json(200, SETTINGS),
  }),
  managementWrite({
    method: 'PATCH',
    path: PATH,
    name: 'updatePromptSettings',
    summary: 'Update Prompt Settings',
    tag: TAG,
    scopes: ['update:prompts'],
    body: shapes.body<Settings>(members(true), { minProperties: 1 }),
    replies,
    async handle(_ctx, { body }) {
      requireOffered(body);
      return json(200, SETTINGS);
    },
  }),
];
