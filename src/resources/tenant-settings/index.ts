/** Settings of the tenant as a whole and `/api/v2/tenants/settings`. */
export { type TenantSettings, tenantSettings, tenantSettingsCollection } from './settings.store.ts';
