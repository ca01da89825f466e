/** Add-ons of clients that `/delegation` gets keys of other companies' services from, one a file. */
import type { DelegationAddon } from './addon.ts';
import { aws } from './aws.addon.ts';
import { azureBlob } from './azure-blob.addon.ts';
import { azureServiceBus } from './azure-sb.addon.ts';
import { firebase } from './firebase.addon.ts';
import { layer } from './layer.addon.ts';
import { salesforceApi, salesforceSandboxApi } from './salesforce.addon.ts';
import { sapApi } from './sap.addon.ts';

export type { DelegationAddon } from './addon.ts';

/** All of them, in the order in which one is taken where a request names none. */
export const delegationAddons: readonly DelegationAddon[] = [
  aws,
  azureBlob,
  azureServiceBus,
  firebase,
  layer,
  salesforceApi,
  salesforceSandboxApi,
  sapApi,
];
