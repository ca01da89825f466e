import { type Context, fail } from '../../../kernel/index.ts';
import { parsePhoneNumber } from '../../../platform/messages/index.ts';
import { guardianSettings, renderPhoneTemplate } from '../../../resources/guardian/index.ts';
import { tenantLabel, tenantLanguage } from '../../labels.ts';
import { limits } from '../../limits.ts';
import { type Delivery, factor } from '../factor.ts';
import { phoneSender } from './phone-sender.ts';

async function sendCode(ctx: Context, { authenticator, challenge, secret }: Delivery): Promise<void> {
  const settings = await guardianSettings(ctx);
  const { enrollment_message, verification_message } = settings.phone_templates;
  const template = challenge.purpose === 'enrollment' ? enrollment_message : verification_message;
  const channel = challenge.channel === 'voice' ? 'voice' : 'sms';
  const text = renderPhoneTemplate(template, {
    code: secret,
    message_type: channel,
    tenant: { friendly_name: await tenantLabel(ctx) },
    requestInfo: { lang: await tenantLanguage(ctx) },
  });
  await phoneSender(ctx, settings).deliver({ channel, to: authenticator.phone_number ?? '', text, code: secret });
}

/** Codes to a phone, as a text message or spoken in a call. */
export const phone = factor({
  type: 'phone',
  async prepare(ctx, { phone_number = '', channel = 'sms' }) {
    const number = parsePhoneNumber(phone_number) ?? fail('invalid_phone_number', {});
    const kind = channel === 'voice' ? 'voice' : 'sms';
    const { phone_message_types: types } = await guardianSettings(ctx);
    if (!types.includes(kind)) fail('factor_disabled', { factor: kind });
    return { members: { phone_number: number, preferred_authentication_method: kind }, told: {} };
  },
  channels: {
    sms: {
      limit: limits.phoneMessages,
      named: 'SMS',
      log: { sent: 'gd_send_sms', failed: 'gd_send_sms_failure' },
      answer: 'code',
      send: sendCode,
    },
    voice: {
      limit: limits.phoneMessages,
      named: 'voice',
      log: { sent: 'gd_send_voice', failed: 'gd_send_voice_failure' },
      answer: 'code',
      send: sendCode,
    },
  },
});
