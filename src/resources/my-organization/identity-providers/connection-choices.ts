import { type Context, problem } from '../../../kernel/index.ts';
import {
  type ConnectionProfile,
  findConnectionProfile,
  type SwitchRule,
  switchOf,
} from '../../connection-profiles/index.ts';
import { misconfigured, type Visit } from '../visit.ts';

export interface Choices {
  readonly profile: ConnectionProfile;
  readonly show_as_button: SwitchRule;
  readonly assign_membership_on_login: SwitchRule;
}

/** What the application's connection profile leaves to organizations. Problem 409 where it has none. */
export async function choicesOf(ctx: Context, { configuration }: Visit): Promise<Choices> {
  const id = configuration.connection_profile_id;
  const profile = id === undefined ? undefined : await findConnectionProfile(ctx, id);
  if (!profile) throw misconfigured();
  const { show_as_button, assign_membership_on_login } = profile.organization ?? {};
  return {
    profile,
    show_as_button: switchOf(show_as_button, true),
    assign_membership_on_login: switchOf(assign_membership_on_login, false),
  };
}

type Switches = { readonly show_as_button?: boolean; readonly assign_membership_on_login?: boolean };
const SWITCHES = ['show_as_button', 'assign_membership_on_login'] as const;

/** What is sent may not contradict what the profile decides. Problem 400. */
export function requireFree(choices: Choices, sent: Switches): void {
  for (const name of SWITCHES) {
    const { isFree, initial } = choices[name];
    if (isFree || sent[name] === undefined || sent[name] === initial) continue;
    throw problem('bad_request', `${name} is always ${initial} for this application.`);
  }
}

/** How the switches of a new identity provider stand. Problem 400 as above. */
export function settleSwitches(choices: Choices, sent: Switches): Required<Switches> {
  requireFree(choices, sent);
  return {
    show_as_button: sent.show_as_button ?? choices.show_as_button.initial,
    assign_membership_on_login: sent.assign_membership_on_login ?? choices.assign_membership_on_login.initial,
  };
}
