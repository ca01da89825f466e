/**
 * Connection profiles: how connections are set up that others than the tenant's administrators make, and `/api/v2/connection-profiles`.
 * Who makes such connections, and with which profile, is said by clients.
 */

export { connectionProfileEndpoints } from './connection-profile.resource.ts';
export {
  type ConnectionProfile,
  connectionProfilesCollection,
  featuresOf,
  findConnectionProfile,
} from './connection-profile.store.ts';
export { type SwitchRule, switchOf } from './switches.ts';
