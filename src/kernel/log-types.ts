/** Type codes of Auth0's log that this server writes, each with what it says: a code that is not among them does not compile. */
export type LogType =
  // An approved backchannel request could not be exchanged for tokens.
  | 'ciba_exchange_failed'
  // An approved backchannel request was exchanged for tokens.
  | 'ciba_exchange_succeeded'
  // A backchannel request was refused.
  | 'ciba_start_failed'
  // A user was asked to approve a backchannel request.
  | 'ciba_start_succeeded'
  // A code or link to sign in with was mailed.
  | 'cls'
  // A code to sign in with was texted.
  | 'cs'
  // A quota of tokens that is not enforced was used up.
  | 'api_limit_warning'
  // A sign-in failed.
  | 'f'
  // Exchanging an access token on behalf of its user failed.
  | 'failed_on_behalf_of_token_exchange'
  // A Management API write failed.
  | 'fapi'
  // A cross-origin sign-in came from an origin that the application does not list.
  | 'fco'
  // A cross-origin sign-in failed.
  | 'fcoa'
  // Changing a password failed.
  | 'fcp'
  // Asking for a password reset failed.
  | 'fcpr'
  // A delegation was refused.
  | 'fd'
  // Activating a device failed.
  | 'fdeac'
  // A device was refused a code.
  | 'fdeaz'
  // A user would not activate a device.
  | 'fdecc'
  // Exchanging the code of a delegated login failed.
  | 'fdeleacft'
  // A silent sign-in in a delegated session failed.
  | 'fdelsa'
  // Exchanging an authorization code failed.
  | 'feacft'
  // An application was refused a token for itself.
  | 'feccft'
  // Exchanging a device code failed.
  | 'fede'
  // A custom token exchange failed.
  | 'fecte'
  // A native social login failed.
  | 'fens'
  // Exchanging an out-of-band challenge failed.
  | 'feoobft'
  // Exchanging a one-time password failed.
  | 'feotpft'
  // Exchanging a code that was sent failed.
  | 'fepotpft'
  // Exchanging a password for tokens failed.
  | 'fepft'
  // Exchanging a recovery code failed.
  | 'fercft'
  // A rotated refresh token was used again.
  | 'ferrt'
  // Exchanging a refresh token failed.
  | 'fertft'
  // The token vault refused a token of an identity provider.
  | 'feta'
  // Signing out of the identity provider failed.
  | 'federated_logout_failed'
  // An invitation could not be accepted.
  | 'fi'
  // Signing out failed.
  | 'flo'
  // A message could not be sent.
  | 'fn'
  // Pushing an authorization request failed.
  | 'fpar'
  // A sign-in failed: wrong password.
  | 'fp'
  // A sign-up failed.
  | 'fs'
  // A silent sign-in failed.
  | 'fsa'
  // A sign-in failed: nobody is known by that identifier.
  | 'fu'
  // Verifying an address failed.
  | 'fv'
  // A second factor was not proved.
  | 'gd_auth_failed'
  // The user rejected a second-factor request.
  | 'gd_auth_rejected'
  // A second factor was proved.
  | 'gd_auth_succeed'
  // A second factor was enrolled.
  | 'gd_enrollment_complete'
  // Too many one-time passwords were wrong.
  | 'gd_otp_rate_limit_exceed'
  // A recovery code was refused.
  | 'gd_recovery_failed'
  // Too many recovery codes were wrong.
  | 'gd_recovery_rate_limit_exceed'
  // A recovery code was accepted.
  | 'gd_recovery_succeed'
  // A second-factor e-mail was sent.
  | 'gd_send_email'
  // A second-factor e-mail could not be sent.
  | 'gd_send_email_failure'
  // A second-factor notification was pushed.
  | 'gd_send_pn'
  // A second-factor notification could not be pushed.
  | 'gd_send_pn_failure'
  // A second-factor SMS was sent.
  | 'gd_send_sms'
  // A second-factor SMS could not be sent.
  | 'gd_send_sms_failure'
  // A second-factor call was made.
  | 'gd_send_voice'
  // A second-factor call could not be made.
  | 'gd_send_voice_failure'
  // A second factor was challenged.
  | 'gd_start_auth'
  // Enrolling in a second factor began.
  | 'gd_start_enroll'
  // Enrolling in a second factor could not begin.
  | 'gd_start_enroll_failed'
  // MFA settings were changed.
  | 'gd_tenant_update'
  // A second factor was removed.
  | 'gd_unenroll'
  // A second factor was changed.
  | 'gd_update_device_account'
  // Somebody delegated too often.
  | 'limit_delegation'
  // An identity assertion was not exchanged for an access token.
  | 'idjag_exchange_failed'
  // An identity assertion was exchanged for an access token.
  | 'idjag_exchange_succeeded'
  // What was sent as an assertion is none that is exchanged here.
  | 'jwt_bearer_exchange_failed'
  // An address was blocked: too many wrong tries with many accounts or tokens.
  | 'limit_mu'
  // An account was blocked after too many wrong passwords.
  | 'limit_wc'
  // A second factor was asked for.
  | 'mfar'
  // My Organization API: the configuration could not be read.
  | 'my_organization_api_config_failed'
  // My Organization API: a call about domains failed.
  | 'my_organization_api_domain_failed'
  // My Organization API: a call about domains succeeded.
  | 'my_organization_api_domain_succeeded'
  // My Organization API: a call about identity providers failed.
  | 'my_organization_api_idp_failed'
  // My Organization API: a call about identity providers succeeded.
  | 'my_organization_api_idp_succeeded'
  // My Organization API: a call about the organization's details failed.
  | 'my_organization_api_org_details_failed'
  // My Organization API: a call about the organization's details succeeded.
  | 'my_organization_api_org_details_succeeded'
  // An application was not told that a session is over, or refused to hear it.
  | 'oidc_backchannel_logout_failed'
  // An application was told that a session is over.
  | 'oidc_backchannel_logout_succeeded'
  // A passkey challenge could not be made.
  | 'passkey_challenge_failed'
  // A passkey challenge was made.
  | 'passkey_challenge_started'
  // A user signed in.
  | 's'
  // A Management API write succeeded.
  | 'sapi'
  // A cross-origin sign-in succeeded.
  | 'scoa'
  // A password was changed.
  | 'scp'
  // A password reset was asked for.
  | 'scpr'
  // A token was delegated.
  | 'sd'
  // A delegated sign-in.
  | 'sdel'
  // The code of a delegated login was exchanged.
  | 'sdeleacft'
  // A silent sign-in in a delegated session.
  | 'sdelsa'
  // An authorization code was exchanged for tokens.
  | 'seacft'
  // An application got a token for itself.
  | 'seccft'
  // A custom token exchange.
  | 'secte'
  // A native social login.
  | 'sens'
  // An out-of-band challenge was exchanged for tokens.
  | 'seoobft'
  // A device code was exchanged for tokens.
  | 'sede'
  // A one-time password was exchanged for tokens.
  | 'seotpft'
  // A password was exchanged for tokens.
  | 'sepft'
  // A recovery code was exchanged for tokens.
  | 'sercft'
  // A refresh token was exchanged.
  | 'sertft'
  // The token vault handed out a token of an identity provider.
  | 'seta'
  // An invitation was accepted.
  | 'si'
  // A user signed out.
  | 'slo'
  // A refresh token was revoked.
  | 'srrt'
  // A user signed up.
  | 'ss'
  // A silent sign-in succeeded.
  | 'ssa'
  // An access token was exchanged on behalf of its user.
  | 'success_on_behalf_of_token_exchange'
  // An address was verified.
  | 'sv'
  // A verification e-mail was asked for.
  | 'svr'
  // The user has as many second factors as is allowed.
  | 'too_many_records'
  // A block on sign-ins was lifted.
  | 'ublkdu'
  // An identity provider could not end somebody's sessions.
  | 'universal_logout_failed'
  // An identity provider ended somebody's sessions and refresh tokens.
  | 'universal_logout_succeeded'
  // A login went on, though not as it was meant to.
  | 'w';
