import { closed, oneOf, Type } from '../../kernel/index.ts';

const text = (description: string, rules: Record<string, unknown> = {}) =>
  Type.Optional(Type.String({ description, ...rules }));

const PHONE =
  'Applies to phone authentication methods only. The destination phone number used to send verification codes via text and voice.';
const EMAIL = 'Applies to email authentication methods only. The email address used to send verification messages.';
const PREFERRED = 'Applies to phone authentication methods only. The preferred communication method.';
const LABEL = 'A human-readable label to identify the authentication method.';

const preferred = Type.Optional(oneOf(['voice', 'sms'], { description: PREFERRED }));

export const NewMethod = closed({
  type: oneOf(['phone', 'email', 'totp', 'webauthn-roaming', 'passkey']),
  name: text(LABEL),
  totp_secret: text('Base32 encoded secret for TOTP generation.'),
  phone_number: text(PHONE, { minLength: 2, maxLength: 30 }),
  email: text(EMAIL),
  preferred_authentication_method: preferred,
  key_id: text('Applies to webauthn authentication methods only. The id of the credential.'),
  public_key: text('Applies to webauthn authentication methods only. The public key, which is encoded as base64.'),
  relying_party_identifier: text('Applies to webauthn authentication methods only. The relying party identifier.'),
});

export const ReplacementMethods = Type.Array(
  closed({
    type: oneOf(['phone', 'email', 'totp']),
    preferred_authentication_method: preferred,
    name: text(LABEL, { minLength: 1, maxLength: 20 }),
    phone_number: text(PHONE, { minLength: 2, maxLength: 30 }),
    email: text(EMAIL, { minLength: 1 }),
    totp_secret: text('Applies to totp authentication methods only. The base32 encoded secret for TOTP generation.', {
      minLength: 1,
    }),
  }),
);

export const MethodChanges = closed({ name: text(LABEL), preferred_authentication_method: preferred });

export const Method = Type.Object({
  id: Type.String({ description: '`phone|dev_…`, `totp|dev_…` …' }),
  type: Type.String({ description: '`phone`, `email`, `totp`, `push`, `recovery-code` or `passkey`.' }),
  confirmed: Type.Optional(Type.Boolean({ description: 'The authentication method status' })),
  name: text(LABEL),
  phone_number: text(PHONE),
  email: text(EMAIL),
  totp_secret: text('Base32 encoded secret for TOTP generation'),
  preferred_authentication_method: preferred,
  authentication_methods: Type.Optional(Type.Array(Type.Object({ id: Type.String(), type: Type.String() }))),
  link_id: text('The ID of a linked authentication method. Linked authentication methods will be deleted together.'),
  key_id: text('Passkeys: the id of the credential.'),
  public_key: text('Passkeys: the public key (COSE), in base64url.'),
  credential_device_type: text('Passkeys: `single_device` or `multi_device`.'),
  credential_backed_up: Type.Optional(Type.Boolean({ description: 'Passkeys: whether it was backed up.' })),
  identity_user_id: text('Passkeys: the identity that it belongs to.'),
  user_agent: text('Passkeys: the browser in which it was made.'),
  aaguid: text('Passkeys: the model of the authenticator.'),
  relying_party_identifier: text('Passkeys: the host that it was made for.'),
  created_at: Type.String({ description: 'When it was made.' }),
  enrolled_at: text('When it was confirmed.'),
  last_auth_at: text('When it was last used.'),
});
