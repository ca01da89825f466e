import { type Endpoint, endpoint, json, managementError, managementWrite, shapes } from '../../kernel/index.ts';
import { DEFAULTS, type PromptSettings, promptSettings, savePromptSettings } from './prompt-settings.store.ts';

const PATH = '/api/v2/prompts';
const TAG = 'prompts';

type Change = { readonly [Name in keyof PromptSettings]?: string | boolean | null };

/** What cannot be otherwise here than in a fresh tenant, and why. */
const REFUSALS: { readonly [Name in keyof PromptSettings]?: string } = {
  universal_login_experience:
    'The classic experience is not offered by this server. A login page that has custom_login_page is shown in either; ' +
    'Auth0’s own classic page is not part of it.',
  webauthn_platform_first_factor: 'webauthn_platform_first_factor is not supported by this server. Passkeys are.',
};

const members = (nullable: boolean) => ({
  universal_login_experience: shapes.choice(['new', 'classic'], 'Which login pages people see.'),
  identifier_first: shapes.flag('Whether the identifier is asked for on a page of its own.', { nullable }),
  webauthn_platform_first_factor: shapes.flag('Whether device biometrics may be the first factor.', { nullable }),
});
const replies = { 200: shapes.answer(members(false)) };

/** `sent` as settings: `null` is the default. WireError 400 for what this server cannot do. */
function settle(sent: Change): Partial<PromptSettings> {
  const names = Object.keys(sent) as (keyof PromptSettings)[];
  const settled = names.map((name) => [name, sent[name] ?? DEFAULTS[name]] as const);
  for (const [name, value] of settled) {
    const refusal = REFUSALS[name];
    if (refusal !== undefined && value !== DEFAULTS[name])
      throw managementError(400, refusal, 'operation_not_supported');
  }
  return Object.fromEntries(settled);
}

/** `/api/v2/prompts` */
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
    handle: async (ctx) => json(200, await promptSettings(ctx)),
  }),
  managementWrite({
    method: 'PATCH',
    path: PATH,
    name: 'updatePromptSettings',
    summary: 'Update Prompt Settings',
    tag: TAG,
    scopes: ['update:prompts'],
    body: shapes.body<Change>(members(true), { minProperties: 1 }),
    replies,
    handle: async (ctx, { body }) => json(200, await savePromptSettings(ctx, settle(body))),
  }),
];
