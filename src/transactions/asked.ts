import type { AuthorizationRequest } from './transaction.ts';

/** The authorization request as the texts that came, as far as an identity provider may be told of them. */
export function askedOf(request: AuthorizationRequest): Readonly<Record<string, string | undefined>> {
  const { prompt, max_age, ui_locales, acr_values } = request;
  return {
    ...request.upstream,
    client_id: request.client_id,
    response_type: request.response_type,
    response_mode: request.response_mode,
    audience: request.audience,
    login_hint: request.login_hint,
    prompt: prompt.length > 0 ? prompt.join(' ') : undefined,
    max_age: max_age === undefined ? undefined : String(max_age),
    ui_locales: ui_locales?.join(' '),
    acr_values: acr_values?.join(' '),
  };
}
