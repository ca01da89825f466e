import { type Endpoint, empty, endpoint, json, oneOf, Type } from '../kernel/index.ts';
import type { DevelopmentParts } from './parts.ts';

const CHANNELS = ['sms', 'voice', 'email', 'push'] as const;
const ABOUT = { tag: 'development', surface: 'plain', development: true, path: '/_dev/messages' } as const;

/** The outbox as JSON, for tests. */
export function messagesEndpoints({ outbox }: DevelopmentParts): Endpoint[] {
  return [
    endpoint({
      ...ABOUT,
      method: 'GET',
      name: 'listDevelopmentMessages',
      summary: 'What would have been sent, newest first.',
      query: Type.Object({ channel: Type.Optional(oneOf(CHANNELS)), to: Type.Optional(Type.String()) }),
      replies: { 200: 'The messages.' },
      handle: async (_ctx, { query }) => json(200, await outbox.list(query)),
    }),
    endpoint({
      ...ABOUT,
      method: 'DELETE',
      name: 'clearDevelopmentMessages',
      summary: 'Empties the outbox.',
      replies: { 204: 'Emptied.' },
      handle: async () => {
        await outbox.clear();
        return empty(204);
      },
    }),
  ];
}
