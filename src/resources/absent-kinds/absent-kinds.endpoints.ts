import { type Endpoint, endpoint, type Method, managementError } from '../../kernel/index.ts';
import { type AbsentKind, absentKinds } from './absent-kinds.rows.ts';

const VERBS: Readonly<Record<Method, string>> = {
  GET: 'read',
  POST: 'create',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
};

/** Every call of the kind: who may not make it is told so first, as everywhere. */
function refusals({ path, scope, refusal }: AbsentKind): Endpoint[] {
  return Object.entries(VERBS).map(([method, verb]) =>
    endpoint({
      method: method as Method,
      path: `/api/v2${path}`,
      name: `absent ${method} ${path}`,
      summary: 'A kind of resource that this server does not have',
      tag: 'absent',
      surface: 'management',
      scopes: [`${verb}:${scope}`],
      replies: refusal ? { 403: 'Always.' } : { 404: 'Always.' },
      handle: async () => {
        if (refusal) throw managementError(403, refusal.message, refusal.errorCode);
        throw managementError(404, 'Not Found');
      },
    }),
  );
}

/** Calls that the server knows and does not offer: of each path, and of all below it. They are in no list of what it can do. */
export const absentKindEndpoints: readonly Endpoint[] = absentKinds.flatMap(refusals);
