/**
 * Kinds of resources that Auth0 has and this server does not: how their calls are refused, so that tools which ask for everything can
 * tell what they may not have from what is broken. It owns no data.
 */
export { absentKindEndpoints } from './absent-kinds.endpoints.ts';
export { absentKinds } from './absent-kinds.rows.ts';
