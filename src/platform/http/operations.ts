import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { Storage } from '../storage/index.ts';

const registry = new Registry();
collectDefaultMetrics({ register: registry });

const answers = new Counter({
  name: 'countersign_answers_total',
  help: 'Answers by endpoint and status.',
  labelNames: ['endpoint', 'status'],
  registers: [registry],
});

const durations = new Histogram({
  name: 'countersign_answer_seconds',
  help: 'Time from request to answer by endpoint.',
  labelNames: ['endpoint'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  registers: [registry],
});

/** Counts one answer; `ms` is how long it took. */
export function countAnswer(endpoint: string, status: number, ms: number): void {
  answers.inc({ endpoint, status: String(status) });
  durations.observe({ endpoint }, ms / 1000);
}

/** What an operator's machinery asks: alive, ready, measured. These belong to no tenant. */
export function registerOperations(app: FastifyInstance, storage: Storage): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    try {
      await storage.ping();
      return { status: 'ready' };
    } catch {
      return reply.code(503).header('retry-after', '2').send({ status: 'database unavailable' });
    }
  });
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}
