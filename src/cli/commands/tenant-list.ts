import { command } from '../command.ts';
import { listTenants, withApp } from '../open-app.ts';

export const tenantList = command({
  name: 'tenant list',
  summary: 'Lists the tenants of the configured database and where they are reached.',
  async run({ environment, print }) {
    const listed = await withApp(environment, listTenants);
    if (listed.length === 0) print('No tenants yet: the first start makes one.');
    const width = Math.max(0, ...listed.map(({ tenant }) => tenant.name.length)) + 2;
    for (const { tenant, domains } of listed) {
      print(`${tenant.name.padEnd(width)}${domains.map(({ url }) => `${url}/`).join('  ')}`);
    }
  },
});
