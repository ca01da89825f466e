/**
 * Where a client touches other resources: deleting it with all that hangs on it, and the connections that it may use. Apart, so that
 * those resources may know of clients without a circle.
 */
import type { Endpoint } from '../../kernel/index.ts';
import { clientConnectionsEndpoint } from './client-connections.ts';
import { deleteClientEndpoints } from './delete-client.ts';

export const clientRelationEndpoints: Endpoint[] = [...deleteClientEndpoints, clientConnectionsEndpoint];
