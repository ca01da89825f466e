/**
 * What becomes of every property of a client: rows that `docs/compat/client-properties.md` is generated from. The generation ends with
 * every fault of theirs: a path of the schemas without a row, a row without a path, a file or test that is not there.
 */
import { addons } from './addons.rows.ts';
import { addresses } from './addresses.rows.ts';
import { classicLogin } from './classic-login.rows.ts';
import { clientAuthentication } from './client-authentication.rows.ts';
import { grants } from './grants.rows.ts';
import { identity } from './identity.rows.ts';
import { legacy } from './legacy.rows.ts';
import { logout } from './logout.rows.ts';
import { mobile } from './mobile.rows.ts';
import { myOrganization } from './my-organization.rows.ts';
import { organizations } from './organizations.rows.ts';
import type { PropertyFamily } from './property-row.ts';
import { requests } from './requests.rows.ts';
import { samlp } from './samlp.rows.ts';
import { sessions } from './sessions.rows.ts';
import { signOnAddons } from './sign-on-addons.rows.ts';
import { thirdParty } from './third-party.rows.ts';
import { tokenVault } from './token-vault.rows.ts';
import { tokens } from './tokens.rows.ts';
import { wsFederation } from './ws-federation.rows.ts';

/** Every property of a client, by what it is about. */
export const clientProperties: readonly PropertyFamily[] = [
  identity,
  addresses,
  grants,
  tokens,
  clientAuthentication,
  requests,
  sessions,
  logout,
  organizations,
  mobile,
  tokenVault,
  thirdParty,
  legacy,
  classicLogin,
  myOrganization,
  samlp,
  wsFederation,
  addons,
  signOnAddons,
];
