import type { Choice } from './connection-profile.store.ts';

/** Whether somebody else than the profile decides about a switch, and how it stands until they do. */
export interface SwitchRule {
  readonly isFree: boolean;
  readonly initial: boolean;
}

/** What a profile's choice comes to; `whenOptional`: how the switch stands where the profile leaves it open, as it does without a choice. */
export function switchOf(choice: Choice = 'optional', whenOptional: boolean): SwitchRule {
  const isFree = choice === 'optional';
  return { isFree, initial: choice === 'required' || (isFree && whenOptional) };
}
