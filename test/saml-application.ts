/** A small web application that speaks SAML by @node-saml/node-saml, on a port of its own. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SAML } from '@node-saml/node-saml';

export interface SamlApplication {
  /** `http://localhost:<port>` */
  readonly url: string;
  /** To be set before anybody comes. */
  sp?: SAML;
  close(): void;
}

async function formOf(request: IncomingMessage): Promise<Record<string, string>> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return Object.fromEntries(new URLSearchParams(body));
}

/** `/login` sends people away, `/acs` welcomes them back, `/logout` sends them away again, `/slo` says that they are logged out. */
export async function samlApplication(): Promise<SamlApplication> {
  let who: Awaited<ReturnType<SAML['validatePostResponseAsync']>>['profile'] = null;
  const application: { sp?: SAML } = {};
  const sp = () => application.sp as SAML;
  const places: Record<string, (request: IncomingMessage) => Promise<{ to: string } | { say: string }>> = {
    '/login': async () => ({ to: await sp().getAuthorizeUrlAsync('a & "b"', undefined, {}) }),
    '/acs': async (request) => {
      const form = await formOf(request);
      who = (await sp().validatePostResponseAsync(form)).profile;
      return { say: `Welcome ${who?.nameID}, ${form.RelayState}` };
    },
    '/logout': async () => ({ to: who ? await sp().getLogoutUrlAsync(who, 'bye', {}) : '/' }),
    '/slo': async (request) => {
      const { loggedOut } = await sp().validatePostResponseAsync(await formOf(request));
      return { say: loggedOut ? 'Logged out' : 'Still here' };
    },
  };
  const server = createServer(async (request, response) => {
    const place = places[new URL(request.url ?? '/', 'http://localhost').pathname];
    try {
      const answer = (await place?.(request)) ?? { say: 'Nothing here' };
      if ('to' in answer) return response.writeHead(302, { location: answer.to }).end();
      return response.setHeader('content-type', 'text/plain; charset=utf-8').end(answer.say);
    } catch (error) {
      return response.writeHead(500).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  return Object.assign(application, { url, close: () => void server.close() });
}
