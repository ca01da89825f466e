/**
 * Express Configuration: what a client of type `express_configuration`, as which Okta acts, may set up, and how (`express_configuration` of
 * the application that names it). Its shape and what it may name are in `clients`; connections and organizations ask for the rules.
 */
export { expressRulesOf, findApplicationOf } from './express-setup.ts';
export { grantToExpressClient } from './system-grant.ts';
