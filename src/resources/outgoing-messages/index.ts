/**
 * Messages that nobody waits for: kept, sealed, from the transaction that made them necessary until they were sent, tried again with
 * growing pauses, and logged when it was all in vain. It owns when a message is tried and by whom; it does not own texts, nor how a
 * message leaves (`platform/messages`). Codes that somebody waits for are sent while they wait, and never come here.
 */
export { enqueueMessage, type Posting } from './enqueue.ts';
export { forgetMessagesOf, outgoingMessagesCollection } from './outgoing-message.store.ts';
export { type RecordEvents, sendDueMessages } from './send-due.ts';
