import {
  type Context,
  type Endpoint,
  endpoint,
  json,
  managementError,
  managementWrite,
  type Static,
} from '../../kernel/index.ts';
import { MessageTypes, PhoneProvider, PhoneTemplates, PushProvider, Twilio } from './guardian.schema.ts';
import { type GuardianSettings, guardianSettings } from './guardian.store.ts';
import { checkPhoneTemplate, TemplateRefused } from './phone-template.ts';
import { changeGuardianSettings } from './settings.ts';
import { openTwilioToken, sealTwilioToken } from './twilio.ts';

/** One setting with its pair of endpoints. `read` shows it, `change` checks what was sent and says what it changes. */
interface Setting {
  readonly path: string;
  /** `PhoneProvider` → `getGuardianPhoneProvider`, `setGuardianPhoneProvider`. */
  readonly name: string;
  readonly summary: string;
  readonly schema:
    | typeof MessageTypes
    | typeof PhoneProvider
    | typeof PushProvider
    | typeof Twilio
    | typeof PhoneTemplates;
  readonly read: (ctx: Context, settings: GuardianSettings) => unknown;
  readonly change: (ctx: Context, body: never, settings: GuardianSettings) => Partial<GuardianSettings>;
}

const unsupported = (text: string) => managementError(400, text, 'operation_not_supported');

function changePhoneProvider({ provider }: Static<typeof PhoneProvider>): Partial<GuardianSettings> {
  if (provider === 'phone-message-hook') {
    throw unsupported(
      'The provider phone-message-hook needs an Action that sends messages, which this server cannot run.',
    );
  }
  return { phone_provider: provider };
}

function changePushProvider({ provider }: Static<typeof PushProvider>): Partial<GuardianSettings> {
  if (provider !== 'guardian') throw unsupported(`The push provider ${provider} is not supported by this server.`);
  return { push_provider: provider };
}

function readTwilio(ctx: Context, settings: GuardianSettings) {
  const { auth_token_sealed: _, ...shown } = settings.twilio ?? {};
  const token = openTwilioToken(ctx, settings);
  return { ...shown, ...(token === undefined ? {} : { auth_token: token }) };
}

function changeTwilio(ctx: Context, body: Static<typeof Twilio>): Partial<GuardianSettings> {
  const { auth_token, ...rest } = body;
  return { twilio: { ...rest, ...(auth_token ? { auth_token_sealed: sealTwilioToken(ctx, auth_token) } : {}) } };
}

function changeTemplates(body: Static<typeof PhoneTemplates>): Partial<GuardianSettings> {
  for (const [name, template] of Object.entries(body)) {
    try {
      checkPhoneTemplate(template);
    } catch (error) {
      if (!(error instanceof TemplateRefused)) throw error;
      throw managementError(
        400,
        `Payload validation error: 'Invalid template: ${error.message}' on property ${name}.`,
        'invalid_body',
      );
    }
  }
  return { phone_templates: body };
}

/** Phone settings exist twice on Auth0's wire, with the same meaning: as `phone` and, older, as `sms`. */
const phoneSettings = (factor: 'phone' | 'sms'): Setting[] => {
  const noun = factor === 'phone' ? 'Phone' : 'Sms';
  return [
    {
      path: `${factor}/selected-provider`,
      name: `${noun}Provider`,
      summary: `the ${factor} provider`,
      schema: PhoneProvider,
      read: (_ctx, { phone_provider }) => ({ provider: phone_provider }),
      change: (_ctx, body) => changePhoneProvider(body),
    },
    {
      path: `${factor}/providers/twilio`,
      name: `${noun}Twilio`,
      summary: `the Twilio account that sends ${factor} messages`,
      schema: Twilio,
      read: readTwilio,
      change: changeTwilio,
    },
    {
      path: `${factor}/templates`,
      name: `${noun}Templates`,
      summary: `the texts of ${factor} messages`,
      schema: PhoneTemplates,
      read: (_ctx, { phone_templates }) => phone_templates,
      change: (_ctx, body) => changeTemplates(body),
    },
  ];
};

const settings: readonly Setting[] = [
  {
    path: 'phone/message-types',
    name: 'PhoneMessageTypes',
    summary: 'how phones are reached',
    schema: MessageTypes,
    read: (_ctx, { phone_message_types }) => ({ message_types: phone_message_types }),
    change: (_ctx, { message_types }: Static<typeof MessageTypes>) => ({
      phone_message_types: [...new Set(message_types)],
    }),
  },
  ...phoneSettings('phone'),
  ...phoneSettings('sms'),
  {
    path: 'push-notification/selected-provider',
    name: 'PushProvider',
    summary: 'the push notification provider',
    schema: PushProvider,
    read: (_ctx, { push_provider }) => ({ provider: push_provider }),
    change: (_ctx, body) => changePushProvider(body),
  },
];

function endpointsOf({ path, name, summary, schema, read, change }: Setting): Endpoint[] {
  const shared = { path: `/api/v2/guardian/factors/${path}`, tag: 'guardian', replies: { 200: schema } };
  return [
    endpoint({
      ...shared,
      method: 'GET',
      name: `getGuardian${name}`,
      summary: `Get ${summary}`,
      surface: 'management',
      scopes: ['read:guardian_factors'],
      handle: async (ctx) => json(200, read(ctx, await guardianSettings(ctx))),
    }),
    managementWrite({
      ...shared,
      method: 'PUT',
      name: `setGuardian${name}`,
      summary: `Set ${summary}`,
      scopes: ['update:guardian_factors'],
      body: schema,
      async handle(ctx, { body }) {
        const changed = await changeGuardianSettings(ctx, (stored) => change(ctx, body as never, stored));
        return json(200, read(ctx, changed));
      },
    }),
  ];
}

export const providerEndpoints = settings.flatMap(endpointsOf);
