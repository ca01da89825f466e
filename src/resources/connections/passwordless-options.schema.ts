import { shapes, Type } from '../../kernel/index.ts';

const { choice, flag, integer, openRecord, record, text } = shapes;
const nullable = { nullable: true } as const;

/** Options of e-mail and SMS connections besides those that all have. */
export const passwordlessOptions = {
  totp: record(
    {
      length: integer('Digits of a code.', { minimum: 4, maximum: 40 }),
      time_step: integer('Seconds for which it is good.', { minimum: 60 }),
    },
    'Codes.',
  ),
  // Of social connections a switch of the same name says whether the address is asked for.
  email: openRecord(
    {
      from: text('Whom the mail is from.', { minLength: 1, maxLength: 1024 }),
      subject: text('Its subject.', { minLength: 1, maxLength: 1024 }),
      body: text('Its text, in HTML.', { minLength: 1, maxLength: 20_480 }),
      syntax: choice(['liquid'], 'Language of the texts.'),
    },
    'The mail.',
    { type: ['object', 'boolean'] },
  ),
  from: text('Whom the message is from.', { maxLength: 128, nullable: true }),
  template: text('Text of the message.', { maxLength: 5120 }),
  syntax: choice(['liquid', 'md_with_macros'], 'Language of the text.'),
  provider: text('Who sends the message.', nullable),
  twilio_sid: text('Account at Twilio.', nullable),
  twilio_token: text('Its secret.', nullable),
  messaging_service_sid: text('Messaging service at Twilio.', nullable),
  gateway_url: text('Where messages are posted to.', { maxLength: 255, nullable: true }),
  gateway_authentication: openRecord(
    {
      method: text('How the gateway knows us.', { minLength: 1, maxLength: 20 }),
      subject: text('Subject of the token.'),
      audience: text('Audience of the token.', { minLength: 1, maxLength: 128 }),
      secret: text('Key of the signature.', { minLength: 1, maxLength: 5120 }),
      secret_base64_encoded: flag('Whether the secret is in base64url.'),
    },
    'How the gateway knows us.',
    { nullable: true, required: ['method', 'audience', 'secret'] },
  ),
  forward_req_info: flag('Whether the gateway is told who asked.'),
  authParams: Type.Unsafe<unknown>({ type: ['object', 'string'], description: 'What magic links ask for.' }),
};

/** Names of the options that passwordless connections have, besides `brute_force_protection`, `disable_signup` and `non_persistent_attrs`. */
export const passwordlessOptionNames = Object.keys(passwordlessOptions);
