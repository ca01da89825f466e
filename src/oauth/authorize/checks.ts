import type { Context } from '../../kernel/index.ts';
import { checkAudience } from './checks/audience.ts';
import { checkAuthorizationDetails } from './checks/authorization-details.ts';
import { checkConformance } from './checks/conformance.ts';
import { checkConnection } from './checks/connection.ts';
import { checkDpopKey } from './checks/dpop-key.ts';
import { checkExpressDomain } from './checks/express-domain.ts';
import { checkIdToken } from './checks/id-token.ts';
import { checkIdTokenHint } from './checks/id-token-hint.ts';
import { checkMaxAge } from './checks/max-age.ts';
import { checkOrganization } from './checks/organization.ts';
import { checkPkce } from './checks/pkce.ts';
import { checkPrompt } from './checks/prompt.ts';
import { checkProofOfPossession } from './checks/proof-of-possession.ts';
import { checkPushedRequest, checkRequestObject, checkSignedRequest } from './checks/request-object.ts';
import { checkResponseMode } from './checks/response-mode.ts';
import { checkResponseType } from './checks/response-type.ts';
import { checkScope } from './checks/scope.ts';
import { checkThirdParty } from './checks/third-party.ts';
import type { Asked } from './request/request.ts';

/** One rule: resolves where the request keeps it, throws the WireError that the application is redirected with where it does not. */
export type Check = (ctx: Context, asked: Asked) => void | Promise<void>;

/** Every rule of a request whose client and callback are known, pushed or brought, in the order in which they are looked at. */
export const checks: readonly Check[] = [
  checkThirdParty,
  checkExpressDomain,
  checkRequestObject,
  checkConformance,
  checkSignedRequest,
  checkResponseType,
  checkResponseMode,
  checkIdToken,
  checkIdTokenHint,
  checkPrompt,
  checkMaxAge,
  checkPkce,
  checkDpopKey,
  checkScope,
  checkOrganization,
  checkAudience,
  checkProofOfPossession,
  checkAuthorizationDetails,
  checkConnection,
];

/** The rules of a request that a browser brings. */
export const checksOfBrought: readonly Check[] = [checkPushedRequest, ...checks];
