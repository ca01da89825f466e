import {
  type Apart,
  asProblem,
  type Context,
  type Endpoint,
  type EndpointDeclaration,
  endpoint,
  Failure,
  type LogType,
  problem,
  type Reply,
  type RequestParts,
  type Static,
  type TSchema,
  WireError,
} from '../../kernel/index.ts';
import { requireVisit, type Visit } from './visit.ts';

/** What a call is about: it says which events are logged. */
type About = 'config' | 'org_details' | 'idp' | 'domain';

/** Auth0 has no event for a configuration that was read. */
const SUCCEEDED: Readonly<Record<About, LogType | undefined>> = {
  config: undefined,
  org_details: 'my_organization_api_org_details_succeeded',
  idp: 'my_organization_api_idp_succeeded',
  domain: 'my_organization_api_domain_succeeded',
};
const FAILED: Readonly<Record<About, LogType>> = {
  config: 'my_organization_api_config_failed',
  org_details: 'my_organization_api_org_details_failed',
  idp: 'my_organization_api_idp_failed',
  domain: 'my_organization_api_domain_failed',
};

export type Declared<P extends TSchema, Q extends TSchema, B extends TSchema> = Omit<
  EndpointDeclaration<P, Q, B>,
  'surface' | 'tag' | 'cors' | 'handle'
> &
  Apart & {
    readonly about: About;
    readonly handle: (
      ctx: Context,
      visit: Visit,
      request: RequestParts<Static<P>, Static<Q>, Static<B>>,
    ) => Promise<Reply>;
  };

type AnyRequest = RequestParts<unknown, unknown, unknown>;

function record(
  ctx: Context,
  type: LogType | undefined,
  { summary }: { summary: string },
  request: AnyRequest,
  more: object,
) {
  const { principal } = request;
  if (!type) return;
  ctx.audit({
    type,
    description: summary,
    ...(principal ? { client_id: principal.clientId, user_id: principal.subject } : {}),
    ...(principal?.organizationId ? { organization_id: principal.organizationId } : {}),
    details: { request: { method: request.method, path: request.url.pathname }, ...more },
  });
}

function problemIn(error: unknown): WireError | undefined {
  if (error instanceof WireError) return asProblem(error);
  return error instanceof Failure && error.code === 'duplicate'
    ? problem('duplicate', 'The resource already exists.')
    : undefined;
}

/** Both addresses that Auth0 serves the API at. */
const BASES = { '/my-org/v1': '', '/my-org': 'Unversioned' } as const;

/**
 * Declares a call of the My Organization API, at both of its addresses: `handle` learns for which organization and application it is, its
 * errors are told as problems, and each call leaves its event. Calls that write take turns, as Management writes do.
 */
export function organizationCall<P extends TSchema, Q extends TSchema, B extends TSchema>(
  declared: Declared<P, Q, B>,
): Endpoint[] {
  const { about, handle, path, name, apart, ...rest } = declared;
  const isAlone = apart || rest.method === 'GET';
  return Object.entries(BASES).map(([base, suffix]) =>
    endpoint<P, Q, B>({
      ...rest,
      path: base + path,
      name: name + suffix,
      tag: 'my-organization',
      surface: 'my_organization',
      cors: 'client',
      async handle(ctx, request) {
        try {
          const answer = async () => handle(ctx, await requireVisit(ctx, request.principal!), request);
          const reply = await (isAlone ? answer() : ctx.store.serially(answer));
          record(ctx, SUCCEEDED[about], rest, request, { response: { statusCode: reply.status } });
          return reply;
        } catch (error) {
          const refusal = problemIn(error);
          if (refusal)
            record(ctx, FAILED[about], rest, request, { response: { statusCode: refusal.status, body: refusal.body } });
          throw refusal ?? error;
        }
      },
    }),
  );
}
