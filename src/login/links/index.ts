/**
 * Pages that a mailed link opens: a new password, a verified address. No login is in progress behind them: the ticket in the link
 * proves who opens it. Tickets are `resources/tickets`, what a used one changes is `strategies/`.
 */
import type { Endpoint } from '../../kernel/index.ts';
import { emailVerificationEndpoints } from './email-verification.endpoints.ts';
import { newPasswordEndpoints } from './new-password.endpoints.ts';
import { resetWidgetEndpoint } from './reset-widget.endpoint.ts';

export const linkEndpoints: readonly Endpoint[] = [
  ...newPasswordEndpoints,
  resetWidgetEndpoint,
  ...emailVerificationEndpoints,
];
