import { logsOf } from '../src/resources/logs/index.ts';
import type { TestTenant } from './server.ts';

/** What the tenant's log says of a client, by the kind of event. */
export async function eventsOf(tenant: TestTenant, clientId: string, type: string) {
  const all = await logsOf(tenant.ctx).list();
  return all.filter((event) => event.client_id === clientId && event.type === type);
}
