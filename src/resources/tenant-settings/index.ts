/** Settings of the tenant as a whole and `/api/v2/tenants/settings`. */
export { defaultSettings } from './defaults.ts';
export { type TenantSettings, tenantSettings, tenantSettingsCollection } from './settings.store.ts';
