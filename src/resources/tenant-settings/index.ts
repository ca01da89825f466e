/** Settings of the tenant as a whole and `/api/v2/tenants/settings`. What a setting does is enforced where it belongs. */
export { type ResetVariables, resetPage } from './classic-pages.ts';
export { brandColors } from './colors.ts';
export { defaultSettings } from './defaults.ts';
export { type DeviceFlow, deviceFlowOf } from './device-flow.ts';
export { tenantSettingsEndpoints } from './settings.endpoints.ts';
export { type TenantSettings, tenantSettings, tenantSettingsCollection } from './settings.store.ts';
