import {
  type Context,
  type Endpoint,
  type Reply,
  type RequestParts,
  type Static,
  type TProperties,
  type TSchema,
  Type,
} from '../../../kernel/index.ts';
import { type Declared, organizationCall } from '../organization-call.ts';
import type { Visit } from '../visit.ts';
import { type IdentityProvider, requireIdentityProvider } from './find-identity-provider.ts';

type AboutOne<P extends TProperties, B extends TSchema> = Omit<
  Declared<TSchema, TSchema, B>,
  'about' | 'params' | 'handle'
> & {
  /** What the path names beside the provider. */
  readonly params?: P;
  readonly handle: (
    ctx: Context,
    visit: Visit,
    provider: IdentityProvider,
    request: RequestParts<Readonly<Record<keyof P, string>>, unknown, Static<B>>,
  ) => Promise<Reply>;
};

/** Declares a call about one identity provider of the organization, which `handle` is given. `path` is what comes after its address. */
export function providerCall<P extends TProperties, B extends TSchema>(declared: AboutOne<P, B>): Endpoint[] {
  const { path, params, handle, ...rest } = declared;
  const named = { idp_id: Type.String({ description: 'Identity provider identifier.' }), ...params };
  return organizationCall({
    ...rest,
    about: 'idp',
    path: `/identity-providers/:idp_id${path}`,
    params: Type.Unsafe<Readonly<Record<keyof P | 'idp_id', string>>>(Type.Object(named)),
    handle: async (ctx, visit, request) =>
      handle(ctx, visit, await requireIdentityProvider(ctx, visit, request.params.idp_id), request),
  });
}
