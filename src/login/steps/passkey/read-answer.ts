import { PasskeyRefused } from '../../../platform/webauthn/index.ts';
import type { Form } from '../../step.ts';

/** What the page's script sent of an authenticator's answer. PasskeyRefused where that is nothing. */
export function readAnswer({ authn_response = '' }: Form): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(authn_response);
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {}
  throw new PasskeyRefused('there is no answer');
}
