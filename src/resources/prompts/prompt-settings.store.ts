import { type Context, collection, isFailure } from '../../kernel/index.ts';

/** `/api/v2/prompts`, one document per tenant that ever changed them. */
export interface PromptSettings {
  readonly universal_login_experience: 'new';
  /** Is the identifier asked for on a page of its own, before the password? */
  readonly identifier_first: boolean;
  readonly webauthn_platform_first_factor: false;
}

type StoredSettings = PromptSettings & { readonly id: 'prompts' };

/** What a fresh tenant has. */
export const DEFAULTS: PromptSettings = {
  universal_login_experience: 'new',
  identifier_first: false,
  webauthn_platform_first_factor: false,
};

export const promptSettingsCollection = collection<StoredSettings>({
  name: 'prompt_settings',
  key: 'id',
  cached: true,
});

/** How the tenant's login pages ask. From memory. */
export async function promptSettings(ctx: Context): Promise<PromptSettings> {
  const found = await ctx.store.collection(promptSettingsCollection).get('prompts');
  if (!found) return DEFAULTS;
  const { id: _id, ...settings } = found;
  return settings;
}

/** Stores what is changed, and answers what holds then; nobody's change at the same moment is lost. */
export async function savePromptSettings(ctx: Context, change: Partial<PromptSettings>): Promise<PromptSettings> {
  const collection = ctx.store.collection(promptSettingsCollection);
  if (!(await collection.get('prompts'))) await begin(ctx);
  await collection.update('prompts', (stored) => ({ ...stored, ...change }));
  return promptSettings(ctx);
}

async function begin(ctx: Context): Promise<void> {
  try {
    await ctx.store.collection(promptSettingsCollection).insert({ id: 'prompts', ...DEFAULTS });
  } catch (error) {
    // Somebody else has made them meanwhile.
    if (!isFailure(error, 'duplicate')) throw error;
  }
}
