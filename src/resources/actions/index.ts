/**
 * Actions, as far as this version has them: there are none, and their list says so. Tools that manage a tenant read it before they go
 * on to databases and token exchange profiles. What would make, change or run one is not there.
 */
import { closed, type Endpoint, endpoint, json, optionalText, Type } from '../../kernel/index.ts';

const whole = (description: string, maximum: number) =>
  Type.Optional(Type.Unsafe<number>({ type: 'integer', minimum: 0, maximum, description }));
const choice = (description: string) => Type.Optional(Type.Unsafe<boolean>({ type: 'boolean', description }));

const listActions = endpoint({
  method: 'GET',
  path: '/api/v2/actions/actions',
  surface: 'management',
  name: 'listActions',
  summary: 'Get actions',
  tag: 'actions',
  scopes: ['read:actions'],
  query: closed({
    triggerId: optionalText('An actions extensibility point.'),
    actionName: optionalText('The name of the action to retrieve.'),
    deployed: choice('Optional filter to only retrieve actions that are deployed.'),
    installed: choice('Whether only installed actions are wanted, or only custom ones.'),
    page: whole('Use this field to request a specific page of the list results.', 1000),
    per_page: whole(
      'The maximum number of results to be returned by the server in single response. 20 by default',
      100,
    ),
  }),
  replies: { 200: Type.Unknown({ description: 'The list.' }) },
  /** Auth0 leaves the total out of empty pages, and the number out of the first. */
  async handle(_ctx, { query: { page = 0, per_page = 20 } }) {
    return json(200, { actions: [], ...(page > 0 ? { page } : {}), per_page });
  },
});

/** `/api/v2/actions`. */
export const actionEndpoints: Endpoint[] = [listActions];
