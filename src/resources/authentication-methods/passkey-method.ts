import { type Context, json, managementError, type Reply } from '../../kernel/index.ts';
import { type Passkey, passkeysOf, presentPasskey } from './passkey.store.ts';

const PREFIX = 'passkey|';

/** The passkey of `userId` that `methodId` (`passkey|dev_…`) names, or undefined: it may be a second factor. */
export async function findPasskey(ctx: Context, userId: string, methodId: string): Promise<Passkey | undefined> {
  if (!methodId.startsWith(PREFIX)) return undefined;
  const found = await passkeysOf(ctx).get(methodId.slice(PREFIX.length));
  return found?.user_id === userId ? found : undefined;
}

/** Changes what a passkey is called, the only thing about it that can be changed. */
export async function renamePasskey(
  ctx: Context,
  { id }: Passkey,
  { name, ...foreign }: { name?: string | undefined },
): Promise<Reply> {
  const members = Object.keys(foreign);
  if (members.length > 0) {
    const text = `Payload validation error: 'Additional properties not allowed: ${members.join(',')}'.`;
    throw managementError(400, text, 'invalid_body');
  }
  const changed = await passkeysOf(ctx).update(id, (stored) => (name === undefined ? undefined : { ...stored, name }));
  if (!changed)
    throw managementError(404, 'The authentication method does not exist.', 'inexistent_authentication_method');
  return json(200, presentPasskey(changed));
}
