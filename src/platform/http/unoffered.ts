import type { Endpoint } from '../../kernel/index.ts';
import type { Pipeline } from './pipeline.ts';
import { type Arrived, compileServing, type Served } from './serve.ts';

type Serve = (arrived: Arrived) => Promise<Served>;

/**
 * How calls are refused that have no route: each of `endpoints` speaks for its path and all below, and the longest path counts. Undefined
 * where none does. They are looked for among unknown paths only, since a route of its own for each would cost more than it is worth.
 */
export function unofferedServing(
  endpoints: readonly Endpoint[],
  pipeline: Pipeline,
): (method: string, target: string) => Serve | undefined {
  const serving = endpoints
    .toSorted((one, other) => other.path.length - one.path.length)
    .map((endpoint) => ({ endpoint, serve: compileServing(endpoint, pipeline) }));
  return (method, target) => {
    const [path = ''] = target.split('?', 1);
    const found = serving.find(
      ({ endpoint }) => endpoint.method === method && `${path}/`.startsWith(`${endpoint.path}/`),
    );
    return found?.serve;
  };
}
