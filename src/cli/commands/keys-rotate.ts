import { rotateSigningKeys } from '../../resources/keys/index.ts';
import { command } from '../command.ts';
import { tenantContext, withApp } from '../open-app.ts';

export const keysRotate = command({
  name: 'keys rotate',
  summary: 'Signs with the next key from now on; the former one stays published.',
  options: { tenant: { value: 'NAME', required: true, description: 'The tenant whose keys move on.' } },
  async run({ options, environment, print }) {
    await withApp(environment, async (app) => {
      const ctx = await tenantContext(app, String(options.tenant));
      const { kid } = await rotateSigningKeys(ctx);
      print(`${ctx.tenant.name} signs with ${kid}`);
    });
  },
});
