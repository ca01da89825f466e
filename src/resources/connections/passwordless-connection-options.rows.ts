/** What an option of an e-mail or SMS connection does in this version. */
interface OptionRow {
  readonly name: string;
  readonly status: 'enforced' | 'stored';
  readonly where: string;
}

const enforced = (name: string, where: string): OptionRow => ({ name, status: 'enforced', where });

/** Every option of the strategies `email` and `sms`. The page `docs/compat/passwordless-connection-options.md` is made of it. */
export const passwordlessConnectionOptions: readonly OptionRow[] = [
  enforced('totp', 'length: digits of a code; time_step: seconds for which it is good, default 180'),
  enforced('disable_signup', 'nobody new gets a code; the answer does not say so'),
  enforced('brute_force_protection', 'ten wrong codes for one account from one address block it'),
  enforced('non_persistent_attrs', 'members of the profile of new users; identifiers are always kept'),
  enforced(
    'email',
    'from, subject and body of the mail, in the part of Liquid that ARCHITECTURE.md names; others are refused',
  ),
  enforced('authParams', 'what a magic link asks for where the request does not say'),
  enforced('from', 'sms: whom the message is from'),
  enforced('template', 'sms: its text'),
  enforced('syntax', 'sms: liquid, or md_with_macros, whose macro is @@password@@'),
  enforced('provider', "sms: twilio or sms_gateway; without an account at Twilio the operator's own sender"),
  enforced('twilio_sid', 'sms: the account that sends'),
  enforced('twilio_token', 'sms: its secret; sealed'),
  enforced('messaging_service_sid', 'sms: sends in place of from'),
  enforced('gateway_url', 'sms: recipient, body and sender are posted there as JSON'),
  enforced('gateway_authentication', 'sms: a bearer token for the gateway, signed with HS256; the secret is sealed'),
  enforced('forward_req_info', 'sms: the gateway is told the address and user agent of whoever asked'),
];
