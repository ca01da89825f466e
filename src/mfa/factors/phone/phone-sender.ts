import { setTimeout as wait } from 'node:timers/promises';
import type { Context, Messenger } from '../../../kernel/index.ts';
import { createMessenger, MessageNotSent, twilioSender } from '../../../platform/messages/index.ts';
import { type GuardianSettings, openTwilioToken } from '../../../resources/guardian/index.ts';

/**
 * Who sends the tenant's text messages and calls: its own Twilio account where it selected that, else the operator's sender
 * (`auth0`). Throws MessageNotSent when Twilio was selected but not set up.
 */
export function phoneSender(ctx: Context, settings: GuardianSettings): Messenger {
  if (settings.phone_provider === 'auth0') return ctx.messenger;
  if (settings.phone_provider !== 'twilio') throw new MessageNotSent(`provider ${settings.phone_provider} cannot send`);
  const { sid, from, messaging_service_sid } = settings.twilio ?? {};
  const authToken = openTwilioToken(ctx, settings);
  if (!sid || !authToken) throw new MessageNotSent('twilio is selected but has no account');
  const sender = twilioSender(
    {
      accountSid: sid,
      authToken,
      ...(from ? { from } : {}),
      ...(messaging_service_sid ? { messagingServiceSid: messaging_service_sid } : {}),
    },
    ctx.outbound,
  );
  return createMessenger({ senders: { sms: sender, voice: sender }, wait: (ms) => wait(ms) });
}
