import type { Context } from '../../kernel/index.ts';
import { checkAudience } from './checks/audience.ts';
import { checkAuthorizationDetails } from './checks/authorization-details.ts';
import { checkConnection } from './checks/connection.ts';
import { checkDpopKey } from './checks/dpop-key.ts';
import { checkIdToken } from './checks/id-token.ts';
import { checkMaxAge } from './checks/max-age.ts';
import { checkOrganization } from './checks/organization.ts';
import { checkPkce } from './checks/pkce.ts';
import { checkPrompt } from './checks/prompt.ts';
import { checkPushedRequest, checkRequestObject } from './checks/request-object.ts';
import { checkResponseMode } from './checks/response-mode.ts';
import { checkResponseType } from './checks/response-type.ts';
import { checkScope } from './checks/scope.ts';
import type { Asked } from './request.ts';

/** One rule: resolves where the request keeps it, throws the WireError that the application is redirected with where it does not. */
export type Check = (ctx: Context, asked: Asked) => void | Promise<void>;

/** Every rule of an authorization request whose client and callback are known, in the order in which they are looked at. */
export const checks: readonly Check[] = [
  checkRequestObject,
  checkPushedRequest,
  checkResponseType,
  checkResponseMode,
  checkIdToken,
  checkPrompt,
  checkMaxAge,
  checkPkce,
  checkDpopKey,
  checkScope,
  checkOrganization,
  checkAudience,
  checkAuthorizationDetails,
  checkConnection,
];
