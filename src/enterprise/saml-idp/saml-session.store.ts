import { type Collection, type Context, collection } from '../../kernel/index.ts';
import type { Session } from '../../resources/sessions/index.ts';

/** What an application was told of a browser's session: a logout is asked for in these words. Goes with the session. */
export interface SamlSession {
  /** `<session>.<client>` */
  readonly id: string;
  readonly session_id: string;
  readonly client_id: string;
  /** Said to this application alone, and not to be guessed. */
  readonly session_index: string;
  readonly name_id: string;
  readonly name_id_format: string;
}

export const samlSessionsCollection = collection<SamlSession>({
  name: 'saml_sessions',
  key: 'id',
  index: { session_id: 'text', session_index: 'text' },
});

export function samlSessionsOf(ctx: Context): Collection<SamlSession> {
  return ctx.store.collection(samlSessionsCollection);
}

export const samlSessionKey = (sessionId: string, clientId: string) => `${sessionId}.${clientId}`;

/** The session is over: nobody can be logged out of it any more. */
export async function forgetSamlSessions(ctx: Context, { id }: Session): Promise<void> {
  const sessions = samlSessionsOf(ctx);
  for (const one of await sessions.list({ where: { session_id: id } })) await sessions.delete(one.id);
}
