import { forgetSamlSessions, samlLogoutDetour, samlProtocol, wsFederationProtocol } from './enterprise/index.ts';
import type { Context } from './kernel/index.ts';
import { forgetMfaTokensOf, forgetPendingLogins, forgetSecondFactorsOf } from './mfa/index.ts';
import {
  endTransferred,
  forgetApprovals,
  forgetAuthorizationCodes,
  forgetDeferredAuthorizationsOf,
  forgetSessionTransfersOf,
  forgetTransfersOnRevocation,
} from './oauth/index.ts';
import { liftBlocks } from './protection/index.ts';
import { onAccessRevoked } from './resources/access-revocation/index.ts';
import { forgetPasskeysOf, forgetSnoozesOf } from './resources/authentication-methods/index.ts';
import { announceLogout, deliverLogoutToken, LOGOUT_TOKEN } from './resources/backchannel-logout/index.ts';
import { addClientRule, onClientCreated } from './resources/clients/index.ts';
import { addSetupRules, enableForNewClient, onConnectionDeleted } from './resources/connections/index.ts';
import { expressRulesOf, grantToExpressClient } from './resources/express-configuration/index.ts';
import { forgetTokensetsOf } from './resources/federated-tokensets/index.ts';
import { forgetConsentsOf, forgetConsentsOfApi } from './resources/grants/index.ts';
import { forgetEnrollmentTicketsOf } from './resources/guardian/index.ts';
import {
  forgetMembershipsOf,
  forgetOrganizationsOfConnection,
  requireDefaultOrganization,
  requireOrganization,
} from './resources/organizations/index.ts';
import { deliverBy, forgetMessagesOf } from './resources/outgoing-messages/index.ts';
import { forgetRefreshTokensOf, forgetRefreshTokensOfApi, onFamilyRevoked } from './resources/refresh-tokens/index.ts';
import { onScopesGone } from './resources/resource-servers/index.ts';
import { addOwnerRule, forgetPermissionsOfApi, forgetRolesOfUser } from './resources/roles/index.ts';
import { endSessionsOf, forgetBrowsersOf, onSessionEnded, type SessionEnd } from './resources/sessions/index.ts';
import { forgetTicketsOf } from './resources/tickets/index.ts';
import {
  deleteUsersOfConnection,
  onEmailChanged,
  onPasswordChanged,
  onUserBlocked,
  onUserDeleted,
} from './resources/users/index.ts';
import {
  forgetLoginTicketsOf,
  forgetTicketsOnRevocation,
  registerLogoutDetour,
  registerProtocol,
} from './transactions/index.ts';

/** What hangs on what, for modules that must not know each other. Called once, when the server is put together; again does nothing. */
export function registerCascades(): void {
  onClientCreated(enableForNewClient);
  onClientCreated(grantToExpressClient);
  addSetupRules(expressRulesOf);
  addClientRule(requireDefaultOrganization);
  addOwnerRule(requireOrganization);
  for (const forget of [forgetPermissionsOfApi, forgetConsentsOfApi, forgetRefreshTokensOfApi]) onScopesGone(forget);
  onConnectionDeleted(deleteUsersOfConnection);
  onConnectionDeleted(forgetOrganizationsOfConnection);
  onUserDeleted(sessionsEnd['account-deleted']);
  onPasswordChanged(sessionsEnd['password-changed']);
  onEmailChanged(sessionsEnd['email-identifier-changed']);
  onUserBlocked(sessionsEnd['account-deactivated']);
  onSessionEnded(announceLogout);
  onSessionEnded(forgetSamlSessions);
  registerProtocol('samlp', samlProtocol);
  registerProtocol('wsfed', wsFederationProtocol);
  registerLogoutDetour(samlLogoutDetour);
  deliverBy(LOGOUT_TOKEN, deliverLogoutToken);
  for (const forget of [forgetRefreshTokensOf, forgetBrowsersOf, forgetTicketsOf, forgetMessagesOf]) {
    onUserDeleted(forget);
    onPasswordChanged(forget);
  }
  const forgotten = [forgetSecondFactorsOf, forgetConsentsOf, forgetMembershipsOf, forgetDeferredAuthorizationsOf];
  const more = [forgetTokensetsOf, forgetPasskeysOf, forgetSnoozesOf, forgetRolesOfUser, forgetEnrollmentTicketsOf];
  for (const forget of [...forgotten, ...more]) onUserDeleted(forget);
  onUserDeleted(forgetCodesOf);
  onUserDeleted(forgetSessionTransfersOf);
  onPasswordChanged(forgetSessionTransfersOf);
  onFamilyRevoked(endTransferred);
  // A login that waits for its second factor began with the old password.
  onPasswordChanged(forgetMfaTokensOf);
  onAccessRevoked(forgetAuthorizationCodes);
  onAccessRevoked(forgetApprovals);
  onAccessRevoked(forgetPendingLogins);
  onAccessRevoked(forgetTransfersOnRevocation);
  onAccessRevoked(forgetTicketsOnRevocation);
  onUserDeleted(forgetLoginTicketsOf);
  onPasswordChanged(forgetLoginTicketsOf);
  onUserDeleted(forgetAttempts);
  onPasswordChanged(forgetAttempts);
}

const endingSessions = (why: SessionEnd) => (ctx: Context, user_id: string) => endSessionsOf(ctx, user_id, why);

/** Made once: what is registered twice is told by being the same function. */
const sessionsEnd = {
  'account-deleted': endingSessions('account-deleted'),
  'password-changed': endingSessions('password-changed'),
  'email-identifier-changed': endingSessions('email-identifier-changed'),
  'account-deactivated': endingSessions('account-deactivated'),
};

/** A new password is a new start: wrong guesses at the old one count no more. */
function forgetAttempts(ctx: Context, user_id: string): Promise<number> {
  return liftBlocks(ctx, { user_id });
}

/** A code that is redeemed after its user was deleted would be somebody else's, where the same id comes again. */
function forgetCodesOf(ctx: Context, user_id: string): Promise<void> {
  return forgetAuthorizationCodes(ctx, { user_id });
}
