import { type Context, managementError, type RequestParts } from '../../kernel/index.ts';
import { requireUser } from '../users/index.ts';
import { type Authenticator, authenticatorsOf, listAuthenticators } from './authenticator.store.ts';
import { idsOf } from './present.ts';

/** WireError 403 when the token is only good for its own user, and that is somebody else. */
export function requireOwnOr(
  scope: string,
  { principal }: Pick<RequestParts<unknown, unknown, unknown>, 'principal'>,
  userId: string,
): void {
  if (!principal || principal.scopes.has(scope) || principal.subject === userId) return;
  throw managementError(403, 'User to be acted on does not match subject in bearer token.', 'inexistent_user');
}

/** The authenticator that `methodId` names among those of `userId`. WireError 404. */
export async function requireMethod(ctx: Context, userId: string, methodId: string): Promise<Authenticator> {
  await requireUser(ctx, userId);
  const all = await listAuthenticators(ctx, userId);
  const found = all.find((one) => idsOf(one).includes(methodId));
  if (found) return found;
  throw managementError(404, 'The authentication method does not exist.', 'inexistent_authentication_method');
}

/** The authenticator of an enrolment id: `dev_…`, or with its kind in front. WireError 404. */
export async function requireEnrollment(ctx: Context, id: string): Promise<Authenticator> {
  const key = id.slice(id.indexOf('|') + 1);
  const found = await authenticatorsOf(ctx).get(key);
  const isGone = !found || (!found.confirmed && (found.expires_at ?? 0) <= ctx.clock.now());
  if (!isGone && idsOf(found).includes(id)) return found;
  throw managementError(404, 'Enrollment not found', 'enrollment_not_found');
}

/** Another of the user's authenticators that is the same thing: the same number, the same address. */
export function findSame(all: readonly Authenticator[], one: Authenticator): Authenticator | undefined {
  const address = (authenticator: Authenticator) => authenticator.phone_number ?? authenticator.email?.toLowerCase();
  const wanted = address(one);
  return wanted === undefined ? undefined : all.find((other) => other.confirmed && address(other) === wanted);
}
