/** What an option of a database connection does in this version. */
interface OptionRow {
  readonly name: string;
  readonly status: 'enforced' | 'shown';
  readonly where: string;
}

const enforced = (name: string, where: string): OptionRow => ({ name, status: 'enforced', where });
const shown = (name: string, where: string): OptionRow => ({ name, status: 'shown', where });

/** Every option of the strategy `auth0`. The page `docs/compat/database-connection-options.md` is made of it, and a test misses none. */
export const databaseConnectionOptions: readonly OptionRow[] = [
  enforced(
    'attributes',
    'identifiers, what sign-up asks for, usernames. verification_method otp, default_method email_otp and verification of phone numbers at sign-up are refused',
  ),
  enforced('precedence', 'which identifier counts first when a password is checked'),
  enforced('requires_username', 'users, sign-up, sign-in'),
  enforced('validation', 'length of usernames'),
  enforced('passwordPolicy', 'users, sign-up, reset'),
  enforced('password_complexity_options', 'users, sign-up, reset'),
  enforced('password_history', 'reset, change by an operator'),
  enforced('password_no_personal_info', 'users, sign-up, reset'),
  enforced(
    'password_dictionary',
    "the connection's own words, and a built-in list of some five hundred well-known passwords with their usual endings (Auth0's has ten thousand)",
  ),
  enforced(
    'password_options',
    'users, sign-up, reset. dictionary.default names a list, and both names mean the built-in one; truncate keeps the whole password',
  ),
  enforced(
    'authentication_methods',
    'password: enabled, api_behavior, signup_behavior; passkey: enabled, for the passkey endpoints, grant and page; email_otp and phone_otp: enabled, for /otp/challenge, not on pages yet',
  ),
  enforced('brute_force_protection', 'password check'),
  enforced('disable_signup', 'sign-up'),
  enforced('disable_self_service_change_password', 'reset'),
  enforced('non_persistent_attrs', 'members of the profile of new users; identifiers are always kept'),
  enforced(
    'passkey_options',
    'challenge_ui: button, autofill or both, on the login page; progressive_enrollment_enabled: a passkey is offered after a password; local_enrollment_enabled: after a passkey of another device',
  ),
  enforced('mfa', 'active: false is refused: the policies of the tenant decide'),
  enforced('realm_fallback', 'true is refused: a realm is one connection'),
  enforced('import_mode', 'true is refused: other user stores are not asked'),
  enforced('enabledDatabaseCustomization', 'true is refused: other user stores are not asked'),
  shown('customScripts', 'they count with enabledDatabaseCustomization, which is refused'),
  shown('enable_script_context', 'it counts with enabledDatabaseCustomization, which is refused'),
  shown('configuration', 'of the scripts; sealed, never shown in clear'),
];
