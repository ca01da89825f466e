import type { FastifyInstance } from 'fastify';
import type { Endpoint } from '../../kernel/index.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** RFC 9110 §15.5.6: other methods of the paths that want to tell which are theirs. Call it when all routes are there. */
export function registerOtherMethods(app: FastifyInstance, endpoints: readonly Endpoint[]): void {
  for (const path of new Set(endpoints.filter(({ tellsMethods }) => tellsMethods).map((endpoint) => endpoint.path))) {
    const own = endpoints.filter((endpoint) => endpoint.path === path).map(({ method }) => method);
    const others = METHODS.filter(
      (method) => !own.some((one) => one === method) && !app.hasRoute({ method, url: path }),
    );
    const allow = own.join(', ');
    app.route({
      method: others,
      url: path,
      handler: (_request, reply) =>
        reply
          .code(405)
          .headers({ allow, 'cache-control': 'no-store' })
          .send({ error: 'method_not_allowed', error_description: 'Method Not Allowed' }),
    });
  }
}
