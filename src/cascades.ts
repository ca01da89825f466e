import { forgetMfaTokensOf, forgetSecondFactorsOf } from './mfa/index.ts';
import { endTransferred, forgetDeferredAuthorizationsOf, forgetSessionTransfersOf } from './oauth/index.ts';
import { liftBlocks } from './protection/index.ts';
import { forgetPasskeysOf } from './resources/authentication-methods/index.ts';
import { addClientRule, onClientCreated } from './resources/clients/index.ts';
import { enableForNewClient, onConnectionDeleted } from './resources/connections/index.ts';
import { forgetTokensetsOf } from './resources/federated-tokensets/index.ts';
import { forgetConsentsOf } from './resources/grants/index.ts';
import {
  forgetMembershipsOf,
  forgetOrganizationsOfConnection,
  requireDefaultOrganization,
} from './resources/organizations/index.ts';
import { forgetMessagesOf } from './resources/outgoing-messages/index.ts';
import { forgetRefreshTokensOf, onFamilyRevoked } from './resources/refresh-tokens/index.ts';
import { forgetBrowsersOf, forgetSessionsOf } from './resources/sessions/index.ts';
import { forgetTicketsOf } from './resources/tickets/index.ts';
import { deleteUsersOfConnection, onPasswordChanged, onUserDeleted } from './resources/users/index.ts';

/** What hangs on what, for modules that must not know each other. Called once, when the server is put together; again does nothing. */
export function registerCascades(): void {
  onClientCreated(enableForNewClient);
  addClientRule(requireDefaultOrganization);
  onConnectionDeleted(deleteUsersOfConnection);
  onConnectionDeleted(forgetOrganizationsOfConnection);
  for (const forget of [forgetSessionsOf, forgetRefreshTokensOf, forgetBrowsersOf, forgetTicketsOf, forgetMessagesOf]) {
    onUserDeleted(forget);
    onPasswordChanged(forget);
  }
  const forgotten = [forgetSecondFactorsOf, forgetConsentsOf, forgetMembershipsOf, forgetDeferredAuthorizationsOf];
  for (const forget of [...forgotten, forgetTokensetsOf, forgetPasskeysOf]) onUserDeleted(forget);
  onUserDeleted(forgetSessionTransfersOf);
  onPasswordChanged(forgetSessionTransfersOf);
  onFamilyRevoked(endTransferred);
  // A login that waits for its second factor began with the old password.
  onPasswordChanged(forgetMfaTokensOf);
  onUserDeleted(forgetAttempts);
  onPasswordChanged(forgetAttempts);
}

/** A new password is a new start: wrong guesses at the old one count no more. */
function forgetAttempts(ctx: Parameters<typeof liftBlocks>[0], user_id: string): Promise<number> {
  return liftBlocks(ctx, { user_id });
}
