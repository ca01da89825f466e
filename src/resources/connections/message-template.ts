import { managementError } from '../../kernel/index.ts';
import { readTemplate, TemplateRefused, type Variables } from '../../platform/liquid/index.ts';
import type { Options } from './password-rules.ts';

/** What the messages of passwordless connections may speak of. Auth0: `password` is the code, too. */
const KNOWN = [
  'code',
  'password',
  'link',
  'send',
  'operation',
  'request_language',
  'connection',
  'email',
  'user.email',
  'phone_number',
  'scope',
  'application.name',
  'application.clientID',
  'application.callback_domain',
  'application.client_metadata.*',
  'tenant',
  'friendly_name',
] as const;

type Named = Exclude<(typeof KNOWN)[number], `${string}.*`>;

/** What is known by name, and of the application's metadata what there is. */
export type MessageVariables = Readonly<
  Partial<Record<Named, string>> & Record<`application.client_metadata.${string}`, string>
>;

/** Of Auth0's older language of templates, the macro that stands for the code. */
const MACRO = '@@password@@';

/** Fills in a template of a passwordless connection. `encode`: what makes a value fit for where it goes, such as HTML. */
export function renderMessage(
  template: string,
  variables: MessageVariables,
  { syntax, encode }: { readonly syntax?: unknown; readonly encode?: (value: string) => string } = {},
): string {
  if (syntax === 'md_with_macros') return template.replaceAll(MACRO, variables.code ?? '');
  return readTemplate(template, KNOWN)(variables as Variables, encode);
}

/** Refuses templates that could not be filled in when a message is due: WireError 400 that says what is not understood. */
export function requireReadableTemplates(strategy: string, options: Options): void {
  for (const [path, template] of templatesOf(strategy, options)) {
    try {
      readTemplate(template, KNOWN);
    } catch (error) {
      if (!(error instanceof TemplateRefused)) throw error;
      throw managementError(400, `options.${path} is not supported: ${error.message}.`, 'operation_not_supported');
    }
  }
}

function templatesOf(strategy: string, options: Options): [string, string][] {
  if (strategy === 'sms')
    return options.syntax !== 'md_with_macros' && typeof options.template === 'string'
      ? [['template', options.template]]
      : [];
  const email = (options.email ?? {}) as Readonly<Record<string, unknown>>;
  return ['from', 'subject', 'body'].flatMap((name): [string, string][] => {
    const template = email[name];
    return typeof template === 'string' ? [[`email.${name}`, template]] : [];
  });
}
