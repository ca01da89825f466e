import {
  closed,
  type Endpoint,
  endpoint,
  fieldSelection,
  json,
  managementWrite,
  selectFields,
  shapes,
} from '../../kernel/index.ts';
import { settingsShape, updateSettingsBody } from './settings.schema.ts';
import { type TenantSettings, tenantSettings } from './settings.store.ts';
import { changeSettings } from './settings.ts';

const PATH = '/api/v2/tenants/settings';
const TAG = 'tenants';
const replies = { 200: shapes.answer(settingsShape) };

/** Runtimes of custom code that an operator may choose from. */
const SANDBOX_VERSIONS = ['22', '18', '12'];

const FIELDS = [...Object.keys(settingsShape), 'universal_login.colors', 'universal_login.passwordless'].filter(
  (name) => !name.endsWith('_in_minutes'),
);

function present({ id: _id, ...settings }: TenantSettings): Readonly<Record<string, unknown>> {
  return settings;
}

/** `/api/v2/tenants/settings`. */
export const tenantSettingsEndpoints: Endpoint[] = [
  endpoint({
    method: 'GET',
    path: PATH,
    name: 'getTenantSettings',
    summary: 'Get tenant settings',
    tag: TAG,
    surface: 'management',
    scopes: ['read:tenant_settings'],
    query: closed(fieldSelection(FIELDS)),
    replies,
    async handle(ctx, { query }) {
      const settings = { ...present(await tenantSettings(ctx)), sandbox_versions_available: SANDBOX_VERSIONS };
      const { fields, include_fields } = query as { fields?: string; include_fields?: boolean };
      return json(200, selectFields(settings, fields, include_fields));
    },
  }),
  managementWrite({
    method: 'PATCH',
    path: PATH,
    name: 'updateTenantSettings',
    summary: 'Update tenant settings',
    tag: TAG,
    scopes: ['update:tenant_settings'],
    body: updateSettingsBody,
    replies,
    handle: async (ctx, { body }) => json(200, present(await changeSettings(ctx, body))),
  }),
];
