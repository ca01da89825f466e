import { managementError, webUrl } from '../../kernel/index.ts';
import { requireReadableTemplates } from './message-template.ts';
import type { Options } from './password-rules.ts';
import type { PasswordlessStrategy } from './passwordless-rules.ts';

const unsupported = (message: string) => managementError(400, message, 'operation_not_supported');

/** The rules between the options of an e-mail or SMS connection. WireError 400 for what could not be sent later. */
export function requirePasswordlessOptions(strategy: PasswordlessStrategy, options: Options): void {
  requireReadableTemplates(strategy, options);
  if (strategy !== 'sms') return;
  if (options.provider === 'sms_gateway') requireGateway(options);
  else requireTwilio(options);
}

function requireTwilio({ provider, gateway_url, twilio_sid, twilio_token }: Options): void {
  if (provider && provider !== 'twilio')
    throw unsupported(`options.provider ${String(provider)} is not supported. Supported: twilio, sms_gateway.`);
  if (gateway_url) throw unsupported('options.gateway_url is for the provider sms_gateway only.');
  if (Boolean(twilio_sid) !== Boolean(twilio_token))
    throw unsupported('options.twilio_sid and options.twilio_token belong together.');
}

function requireGateway({ gateway_url, gateway_authentication }: Options): void {
  if (!webUrl(gateway_url))
    throw unsupported('options.gateway_url must be an http or https URL for the provider sms_gateway.');
  const method = (gateway_authentication as { method?: unknown } | null | undefined)?.method;
  if (method !== undefined && method !== 'bearer')
    throw unsupported('options.gateway_authentication.method must be bearer.');
}
