/**
 * Making tenants: what every tenant has from its first moment, the management application an operator asks for, the seed file, and the
 * demonstration data of a development server. It uses the resources' own functions; it owns no documents.
 */
export { seedDevelopment } from './development.ts';
export { ensureManagementClient } from './management-client.ts';
export { type Prepared, type Preparing, prepareTenant } from './prepare.ts';
export { SeedError } from './seed/seed-error.ts';
export { addDomain, ensureTenant, type NewTenant } from './tenant.ts';
