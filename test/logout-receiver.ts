/** An application's back-channel logout endpoint, on this machine: keeps what is posted to it and answers as it is told. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Delivery {
  readonly path: string;
  readonly method: string | undefined;
  readonly contentType: string | undefined;
  readonly token: string;
  /** The form's members. */
  readonly names: readonly string[];
}

export interface LogoutReceiver {
  readonly url: string;
  readonly deliveries: Delivery[];
  /** The status that it answers with from now on; a redirect leads to itself. */
  status: number;
  close(): Promise<void>;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}

/** Listens on a free port, and answers 200 on every path. */
export async function logoutReceiver(): Promise<LogoutReceiver> {
  const http = createServer(async (request, response) => {
    const form = await readForm(request);
    receiver.deliveries.push({
      path: request.url ?? '',
      method: request.method,
      contentType: request.headers['content-type'],
      token: form.get('logout_token') ?? '',
      names: [...form.keys()],
    });
    response.writeHead(receiver.status, { location: '/elsewhere' }).end('thank you');
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const receiver: LogoutReceiver = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    deliveries: [],
    status: 200,
    close: () => new Promise((resolve) => http.close(() => resolve())),
  };
  return receiver;
}
