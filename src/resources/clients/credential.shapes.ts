import { shapes } from '../../kernel/index.ts';

import { CREDENTIAL_ALGORITHMS } from './credential-key.ts';

const { choice, flag, list, record, text } = shapes;

const name = text('Friendly name for a credential.', { maxLength: 128 });
const pem = text('Public key or X.509 certificate in PEM.');
const certificate = text('X.509 certificate in PEM.', { minLength: 1, maxLength: 4096 });
const subjectDn = text('Subject Distinguished Name.', { minLength: 1, maxLength: 256 });

const keyMembers = {
  name,
  pem,
  alg: choice(CREDENTIAL_ALGORITHMS, 'Algorithm that the client signs with.'),
  parse_expiry_from_cert: flag('Take the expiry from the certificate.'),
  expires_at: text('When the credential expires.', { format: 'date-time' }),
  kid: text('Key ID; made from the key unless given.', {
    minLength: 10,
    maxLength: 64,
    pattern: '^([0-9a-zA-Z-_]{10,64})$',
  }),
};

const type = (...names: string[]) => choice(names, 'Credential type.');

/** A credential as it is sent with a client that is made, by authentication method. */
export const keyCredential = record({ credential_type: type('public_key'), ...keyMembers }, 'A public key.', {
  required: ['credential_type', 'pem'],
});
export const subjectCredential = record(
  { credential_type: type('cert_subject_dn'), name, subject_dn: subjectDn, pem: certificate },
  'A certificate subject.',
  { required: ['credential_type'] },
);
export const certificateCredential = record(
  { credential_type: type('x509_cert'), name, pem: certificate },
  'A certificate.',
  { required: ['credential_type', 'pem'] },
);

/** A credential that is there already. */
export const credentialReference = record(
  { id: text('Credential ID', { format: 'credential-id' }) },
  'A credential of the client.',
  { required: ['id'] },
);

/** Body of `POST /clients/{id}/credentials`. */
export const newCredentialMembers = {
  credential_type: type('public_key', 'cert_subject_dn', 'x509_cert'),
  subject_dn: subjectDn,
  ...keyMembers,
};

/** Lists of references to credentials. */
export const references = list(credentialReference, 'Credentials of the client.', { minItems: 0 });
