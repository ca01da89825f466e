/**
 * The one door for messages to people: SMS, voice, email and push. It owns how a message leaves (SMTP, Twilio, a signed
 * webhook, the development outbox), when sending is tried again, and how addresses of people are read and masked.
 * It does not own texts, templates, codes or limits (only the frame of a mail that brings a link or a code), and writes nothing to any log: whoever calls it decides what to
 * record of a MessageNotSent. Only this folder imports nodemailer and libphonenumber-js.
 */
export type { Channel, Message, Messenger } from '../../kernel/index.ts';
export { composeLetter, escapeHtml, type Letter, oneLine } from './letter.ts';
export { maskEmail, maskEmailKeepingStart, maskPhone } from './mask.ts';
export { createMessenger, type MessengerOptions } from './messenger.ts';
export { memoryOutbox, type Outbox, outboxSender, type StoredMessage } from './outbox.ts';
export { parsePhoneNumber } from './phone.ts';
export { MessageNotSent, type Sender } from './sender.ts';
export { type HostResolver, type SmtpOptions, smtpSender } from './smtp.ts';
export { type TwilioOptions, twilioSender } from './twilio.ts';
export { type WebhookOptions, webhookSender } from './webhook.ts';
