/**
 * Storage: collections of documents on SQLite or PostgreSQL, bound to a tenant. It owns SQL, transactions, group commit, the
 * configuration cache and the list of tenants; it knows nothing of what the documents mean.
 * The only door to kysely, pg and node:sqlite.
 */
export { openStorage, type Storage } from './storage.ts';
export {
  type Domain,
  domainsCollection,
  MTLS_ALIAS,
  type Resolved,
  resolveHost,
  tenantsCollection,
} from './tenants.ts';
