import { createHmac } from 'node:crypto';
import { type DelegationAddon, lifetimeOf, misconfigured, setting } from './addon.ts';

const NAME = 'azure_sb';
const NAMESPACE = /^[A-Za-z][A-Za-z0-9-]{4,48}[A-Za-z0-9]$/;

/** Azure Service Bus: a Shared Access Signature for one entity, over its URL and the time at which it ends. */
export const azureServiceBus: DelegationAddon = {
  name: NAME,
  async answer(ctx, request) {
    const namespace = setting(request, NAME, 'namespace');
    if (!NAMESPACE.test(namespace)) throw misconfigured(NAME, 'namespace is no name of a Service Bus');
    const entity = setting(request, NAME, 'entityPath');
    const resource = encodeURIComponent(`http://${namespace}.servicebus.windows.net/${entity}`);
    const expires = Math.floor((ctx.clock.now() + lifetimeOf(request.settings)) / 1000);
    const signature = createHmac('sha256', setting(request, NAME, 'sasKey'))
      .update(`${resource}\n${expires}`)
      .digest('base64');
    const policy = encodeURIComponent(setting(request, NAME, 'sasKeyName'));
    const sas = `sig=${encodeURIComponent(signature)}&se=${expires}&skn=${policy}&sr=${resource}`;
    return { azure_sb_sas: `SharedAccessSignature ${sas}` };
  },
};
