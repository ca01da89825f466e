import type { Config } from './config.ts';
import type { Channel, Clock, Messenger, Outbound } from './kernel/index.ts';
import {
  createMessenger,
  type Outbox,
  outboxSender,
  type Sender,
  smtpSender,
  twilioSender,
  webhookSender,
} from './platform/messages/index.ts';

const CHANNELS: readonly Channel[] = ['sms', 'voice', 'email', 'push'];

function smtpFrom(config: Config): Sender | undefined {
  if (!config.smtpUrl) return undefined;
  const url = new URL(config.smtpUrl);
  const secure = url.protocol === 'smtps:';
  return smtpSender({
    host: url.hostname,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    from: config.mailFrom ?? `no-reply@${url.hostname}`,
    ...(url.username ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } : {}),
  });
}

function twilioFrom(config: Config, outbound: Outbound): Sender | undefined {
  const {
    twilioAccountSid: accountSid,
    twilioAuthToken: authToken,
    twilioFrom: from,
    twilioMessagingServiceSid: messagingServiceSid,
  } = config;
  if (!accountSid || !authToken) return undefined;
  return twilioSender(
    {
      accountSid,
      authToken,
      ...(from ? { from } : {}),
      ...(messagingServiceSid ? { messagingServiceSid } : {}),
      ...(config.twilioUrl ? { baseUrl: config.twilioUrl } : {}),
    },
    outbound,
  );
}

/**
 * Who sends what: SMTP for e-mail and Twilio for SMS and voice where they are configured, the webhook for the rest, and in development
 * the outbox for whatever is left. A channel without a sender fails, clearly.
 */
export function chooseMessenger(
  config: Config,
  parts: { outbound: Outbound; clock: Clock; outbox: Outbox | undefined },
): Messenger {
  const phone = twilioFrom(config, parts.outbound);
  const webhook =
    config.messageWebhookUrl && config.messageWebhookSecret
      ? webhookSender(
          { url: config.messageWebhookUrl, secret: config.messageWebhookSecret },
          parts.outbound,
          parts.clock,
        )
      : undefined;
  const rest = webhook ?? (parts.outbox && outboxSender(parts.outbox));
  const chosen: Partial<Record<Channel, Sender>> = {};
  for (const channel of CHANNELS) {
    const own = channel === 'email' ? smtpFrom(config) : channel === 'push' ? undefined : phone;
    const sender = own ?? rest;
    if (sender) chosen[channel] = sender;
  }
  return createMessenger({ senders: chosen, wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) });
}
