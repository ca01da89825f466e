import type { Endpoint } from '../kernel/index.ts';
import { callbackConfirmationStep } from './steps/consent/callback-confirmation.step.ts';
import { consentStep } from './steps/consent/consent.step.ts';
import { loginStep } from './steps/password/login.step.ts';

/** Every page and endpoint of this folder. */
export const loginEndpoints: readonly Endpoint[] = [...loginStep, ...consentStep, ...callbackConfirmationStep];
