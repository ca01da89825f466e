import type { Message, Outbound, OutboundResponse } from '../../kernel/index.ts';
import { mayPassLater, post } from './post.ts';
import { MessageNotSent, type Sender } from './sender.ts';

export interface TwilioOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** The number, or for SMS also the alphanumeric name, to send from. Calls need a number. */
  readonly from?: string;
  /** For SMS, instead of `from`. */
  readonly messagingServiceSid?: string;
  readonly baseUrl?: string;
  readonly timeoutMs?: number;
}

/**
 * Sends `sms` and `voice` through Twilio's REST API of 2010-04-01. The message's own `from` goes before the configured
 * one. Throws MessageNotSent, retryable when Twilio is busy (429), broken (5xx) or silent.
 */
export function twilioSender(options: TwilioOptions, outbound: Outbound): Sender {
  const { accountSid, authToken, baseUrl = 'https://api.twilio.com', timeoutMs = 10_000 } = options;
  const account = `${baseUrl.replace(/\/+$/, '')}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}`;
  const credentials = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
  return {
    send: async (message) => {
      const { path, form } = toCall(message, options);
      const answer = await post(outbound, 'twilio', {
        url: `${account}/${path}`,
        headers: {
          authorization: `Basic ${credentials}`,
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams(form).toString(),
        timeoutMs,
      });
      if (answer.status < 200 || answer.status >= 300) throw readFailure(answer);
    },
  };
}

function toCall(message: Message, options: TwilioOptions): { path: string; form: Record<string, string> } {
  if (message.channel === 'voice') {
    const from = message.from ?? options.from;
    if (from === undefined) throw new MessageNotSent('twilio: a call needs a number to call from');
    return { path: 'Calls.json', form: { To: message.to, From: from, Twiml: toTwiml(message) } };
  }
  if (message.channel === 'sms') {
    return { path: 'Messages.json', form: { To: message.to, ...smsOrigin(message, options), Body: message.text } };
  }
  throw new MessageNotSent(`twilio: ${message.channel} is not a channel of this sender`);
}

function smsOrigin(message: Message, options: TwilioOptions): Record<string, string> {
  if (message.from !== undefined) return { From: message.from };
  if (options.messagingServiceSid !== undefined) return { MessagingServiceSid: options.messagingServiceSid };
  if (options.from !== undefined) return { From: options.from };
  throw new MessageNotSent('twilio: neither a number to send from nor a messaging service is configured');
}

/** Says the text twice, with the code digit by digit: read as one number it cannot be typed along. */
function toTwiml(message: Message): string {
  const said = `<Say>${escapeXml(spellCode(message.text, message.code))}</Say>`;
  return `<Response>${said}<Pause length="1"/>${said}</Response>`;
}

function spellCode(text: string, code: string | undefined): string {
  if (code === undefined || code === '') return text;
  const spelled = [...code].join(', ');
  return text.includes(code) ? text.replaceAll(code, () => spelled) : `${text} ${spelled}`;
}

const XML_ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

function escapeXml(text: string): string {
  // XML 1.0 §2.2: other control characters cannot be written at all, not even escaped.
  const writable = text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '');
  return writable.replace(/[&<>"']/g, (character) => XML_ENTITIES[character]!);
}

/** Twilio explains itself as `{code, message, more_info, status}`; what stands before it may answer in any form. */
function readFailure(answer: OutboundResponse): MessageNotSent {
  const { code, message } = readObject(answer);
  const explained = typeof code === 'number' && typeof message === 'string' ? `, error ${code}: ${message}` : '';
  return new MessageNotSent(`twilio: HTTP ${answer.status}${explained}`, { retryable: mayPassLater(answer.status) });
}

function readObject(answer: OutboundResponse): Record<string, unknown> {
  try {
    const value = answer.json();
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
