import { type Context, epochSeconds } from '../../../kernel/index.ts';
import { signJwt } from '../../../platform/crypto/index.ts';
import { currentSigner } from '../../../resources/keys/index.ts';
import { type AddonRequest, type DelegationAddon, misconfigured, principalOf, setting } from './addon.ts';
import { readJson, sendForm } from './form-request.ts';

/** Salesforce takes assertions that end within three minutes. */
const ASSERTION_SECONDS = 180;
/** Hosts of Experience Cloud sites below force.com; those of sandboxes have several labels. */
const COMMUNITY = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;
const SECTION = /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/;

/** What the settings say; where they are silent, what the request says (Auth0). */
function chosen({ settings, params }: AddonRequest, name: string, param: string): string | undefined {
  const value = settings[name];
  return typeof value === 'string' && value !== '' ? value : params[param];
}

/** Where the token is asked for: the server's login host, or a community's own address. */
function authorizationServer(addon: string, login: string, request: AddonRequest): string {
  const community = chosen(request, 'communityName', 'community_name');
  if (community === undefined) return login;
  const section = chosen(request, 'community_url_section', 'community_url_section');
  if (!COMMUNITY.test(community)) throw misconfigured(addon, 'communityName is no name of a host');
  if (section !== undefined && !SECTION.test(section)) throw misconfigured(addon, 'community_url_section is no path');
  const site = `https://${community}.force.com`;
  return section === undefined ? site : `${site}/${section}`;
}

/** Salesforce's "OAuth 2.0 JWT Bearer Flow": the tenant's key signs for the user; its certificate is the connected app's. */
async function assertion(ctx: Context, addon: string, request: AddonRequest, audience: string): Promise<string> {
  const { settings, user } = request;
  const property = typeof settings.principal === 'string' && settings.principal ? settings.principal : 'email';
  const claims = {
    iss: setting(request, addon, 'clientid'),
    sub: principalOf(user, property),
    aud: audience,
    exp: epochSeconds(ctx.clock) + ASSERTION_SECONDS,
  };
  return signJwt(await currentSigner(ctx), claims);
}

function salesforce(name: string, login: string): DelegationAddon {
  return {
    name,
    async answer(ctx, request) {
      const server = authorizationServer(name, login, request);
      const form = {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: await assertion(ctx, name, request, server),
      };
      return readJson(name, await sendForm(ctx, name, { url: `${server}/services/oauth2/token`, form }));
    },
  };
}

export const salesforceApi = salesforce('salesforce_api', 'https://login.salesforce.com');
export const salesforceSandboxApi = salesforce('salesforce_sandbox_api', 'https://test.salesforce.com');
