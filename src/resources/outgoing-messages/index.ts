/**
 * What is sent while nobody waits for it, messages for people and what applications are told: kept, sealed, from the transaction that
 * made it necessary until it was delivered, tried again with growing pauses, and logged when it was all in vain. It owns when something
 * is tried and by whom; it does not own texts, nor how it leaves (`platform/messages`, or whoever called `deliverBy`). Codes that
 * somebody waits for are sent while they wait, and never come here.
 */
export { enqueueDelivery, enqueueMessage, type Posting } from './enqueue.ts';
export { forgetMessagesOf, outgoingMessagesCollection } from './outgoing-message.store.ts';
export { sendDueMessages } from './send-due.ts';
export { deliverBy, NotDelivered, type Way } from './way.ts';
