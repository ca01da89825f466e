import { setTimeout as wait } from 'node:timers/promises';
import type { Context, Messenger } from '../../kernel/index.ts';
import { createMessenger, type Sender, twilioSender } from '../../platform/messages/index.ts';
import { type Connection, revealOptions } from '../../resources/connections/index.ts';
import { type GatewayOptions, gatewaySender } from './gateway.ts';

interface SmsOptions extends GatewayOptions {
  readonly provider?: string | null;
  readonly twilio_sid?: string | null;
  readonly twilio_token?: string | null;
  readonly messaging_service_sid?: string | null;
}

/** Who sends the messages of `connection`: its own gateway or account at Twilio where it has one, else the operator's sender. */
export function senderFor(ctx: Context, connection: Connection): Messenger {
  if (connection.strategy !== 'sms') return ctx.messenger;
  const options = revealOptions(ctx, connection.id, connection.options) as unknown as SmsOptions;
  const sender = options.provider === 'sms_gateway' ? gatewaySender(ctx, options) : twilioOf(ctx, options);
  return sender ? createMessenger({ senders: { sms: sender }, wait: (ms) => wait(ms) }) : ctx.messenger;
}

function twilioOf(ctx: Context, options: SmsOptions): Sender | undefined {
  const { twilio_sid, twilio_token, messaging_service_sid } = options;
  if (!twilio_sid || !twilio_token) return undefined;
  const service = messaging_service_sid ? { messagingServiceSid: messaging_service_sid } : {};
  const sender = twilioSender({ accountSid: twilio_sid, authToken: twilio_token, ...service }, ctx.outbound);
  // The connection's messaging service goes before its number.
  return messaging_service_sid ? { send: ({ from: _, ...message }) => sender.send(message) } : sender;
}
