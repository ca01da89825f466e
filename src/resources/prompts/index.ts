/** Settings of the login pages, `/api/v2/prompts`. What this server cannot do is refused and not stored. The pages are `login/`. */
export { promptEndpoints } from './prompt-settings.endpoints.ts';
export { promptSettings, promptSettingsCollection, savePromptSettings } from './prompt-settings.store.ts';
