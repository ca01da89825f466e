/** What every answer of an authenticator has, binary members in base64url. */
interface Answer<Members extends string> {
  readonly id: string;
  readonly rawId: string;
  readonly type: 'public-key';
  readonly response: Readonly<Record<Members, string>>;
  readonly clientExtensionResults: Record<string, unknown>;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

function read<const M extends string>(value: unknown, members: readonly M[]): Answer<M> | undefined {
  if (!isObject(value) || !isText(value.id) || !isText(value.rawId) || value.type !== 'public-key') return undefined;
  const { response } = value;
  if (!isObject(response) || !members.every((name) => isText(response[name]))) return undefined;
  const picked = Object.fromEntries(members.map((name) => [name, response[name]])) as Record<M, string>;
  return { id: value.id, rawId: value.rawId, type: 'public-key', response: picked, clientExtensionResults: {} };
}

/** The members of an answer to a registration that count; undefined when one is missing or no text. */
export function readAttestation(value: unknown) {
  return read(value, ['clientDataJSON', 'attestationObject']);
}

/** The members of an answer to a challenge that count; undefined when one is missing or no text. */
export function readAssertion(value: unknown) {
  return read(value, ['clientDataJSON', 'authenticatorData', 'signature']);
}
