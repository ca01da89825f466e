import { UNSPECIFIED_NAME } from '../../../assertions/index.ts';
import { type DelegationAddon, principalOf, setting } from './addon.ts';
import { readJson, sendForm } from './form-request.ts';
import { tenantAssertion } from './tenant-assertion.ts';

const NAME = 'sap_api';
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/**
 * SAP NetWeaver Gateway: the user's access token for an assertion of the tenant (RFC 7522), which the service account hands in. The
 * assertion is for the token endpoint and says `client_id`, which clients at SAP may demand.
 */
export const sapApi: DelegationAddon = {
  name: NAME,
  async answer(ctx, request) {
    const { settings, user } = request;
    const endpoint = setting(request, NAME, 'tokenEndpointUrl');
    const clientId = setting(request, NAME, 'clientid');
    const assertion = await tenantAssertion(ctx, {
      subject: {
        value: principalOf(user, setting(request, NAME, 'usernameAttribute')),
        format: text(settings.nameIdentifierFormat) ?? UNSPECIFIED_NAME,
      },
      claims: [{ name: 'client_id', values: [clientId] }],
      audience: endpoint,
      recipient: endpoint,
    });
    const scope = text(settings.scope);
    const form = {
      grant_type: 'urn:ietf:params:oauth:grant-type:saml2-bearer',
      assertion: Buffer.from(String(assertion)).toString('base64url'),
      client_id: clientId,
      ...(scope === undefined ? {} : { scope }),
    };
    const account = `${clientId}:${setting(request, NAME, 'servicePassword')}`;
    const headers = { authorization: `Basic ${Buffer.from(account).toString('base64')}` };
    return readJson(NAME, await sendForm(ctx, NAME, { url: endpoint, form, headers }));
  },
};
