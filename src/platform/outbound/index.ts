/**
 * The one way out to the network over HTTP. It owns which addresses this server may talk to (SSRF guard), and that
 * every request is bounded in time and size and follows no redirect. It knows nothing about who is called or why;
 * retries belong to the caller. Only this folder imports undici.
 */
export type { Outbound, OutboundRequest, OutboundResponse } from '../../kernel/index.ts';
export { type AddressKind, classifyAddress } from './address.ts';
export { type FailureReason, OutboundFailed, OutboundRefused, type RefusalReason } from './errors.ts';
export type { HostLookup, ResolvedAddress } from './lookup.ts';
export { createOutbound, type GuardedOutbound, type OutboundOptions } from './outbound.ts';
