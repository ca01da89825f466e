import type { AuthorizationDetail } from '../kernel/index.ts';
import type { EnrollmentTicket } from '../resources/guardian/index.ts';
import type { ProvenMethod } from '../resources/sessions/index.ts';

/** An authorization request after it was checked: what the login must lead to. */
export interface AuthorizationRequest {
  readonly client_id: string;
  readonly response_type: string;
  readonly response_mode: 'query' | 'fragment' | 'form_post' | 'web_message';
  readonly redirect_uri: string;
  /** Was it in the request? Then the token request must repeat it (RFC 6749 §4.1.3). */
  readonly redirect_uri_given: boolean;
  readonly scope: readonly string[];
  readonly audience?: string;
  readonly state?: string;
  readonly nonce?: string;
  readonly code_challenge?: string;
  readonly code_challenge_method?: 'S256' | 'plain';
  readonly prompt: readonly string[];
  readonly max_age?: number;
  readonly login_hint?: string;
  readonly screen_hint?: string;
  readonly connection?: string;
  readonly ui_locales?: readonly string[];
  readonly acr_values?: readonly string[];
  /** The first of them that the tenant supports: what the ID token says. */
  readonly acr?: string;
  /** For the identity provider that the user may go to: `connection_scope`, `display`, `access_type`, `approval_prompt`. */
  readonly upstream?: Readonly<Record<string, string>>;
  /** RFC 9396: what is asked for besides scopes. */
  readonly authorization_details?: readonly AuthorizationDetail[];
  /** RFC 9449 §10: the key that the code is bound to. */
  readonly dpop_jkt?: string;
  /** The device's name: a login of before OpenID Connect asks for a refresh token with it. */
  readonly device?: string;
  /** Of the `id_token_hint`: nobody else's login is an answer. */
  readonly expected_user?: string;
  /** RFC 9126: the pushed request that it came from, which is used up when the login ends. */
  readonly pushed_request?: string;
  /** ID of the organization to log in to. */
  readonly organization?: string;
  /** ID of the invitation to it that the login accepts. */
  readonly invitation?: string;
}

/** A request in another protocol than OAuth: what its answer needs, by that protocol's own names. */
export interface ForeignRequest {
  readonly protocol: 'samlp' | 'wsfed';
  readonly [detail: string]: string | undefined;
}

/** Why the login ends without a code: an error for the application (OAuth error code and text). */
export interface Refusal {
  readonly error: string;
  readonly error_description: string;
}

/**
 * What a login decides in place of answering a browser's application: a request that came from elsewhere and waits for this user, there
 * under `id`. It is decided by the login's end, and by nothing before.
 */
export type Decision = DeviceDecision | BackchannelDecision;

interface DecisionBase {
  readonly id: string;
  /** The user has seen what is asked for and agrees. */
  readonly confirmed?: true;
  /** The user has seen it and does not. */
  readonly declined?: true;
}

/** RFC 8628: a device waits for tokens. */
export interface DeviceDecision extends DecisionBase {
  readonly kind: 'device';
  /** As the device shows it, sealed. */
  readonly user_code_sealed: string;
}

/** OpenID CIBA: an application asked for the approval of this user, and of nobody else. */
export interface BackchannelDecision extends DecisionBase {
  readonly kind: 'ciba';
  readonly user_id: string;
  readonly binding_message: string;
}

/** What an application asks the user to allow. */
export interface ConsentRequest {
  readonly audience: string;
  readonly scope: readonly string[];
}

/** The second factor in progress on the pages. */
export interface SecondFactor {
  /** The authenticator that is being set up and not yet confirmed. */
  readonly enrollment?: PendingFactor;
  /** The authenticator that is being challenged. */
  readonly challenge?: PendingFactor;
  /** A new recovery code, sealed: it must be shown before the login goes on. */
  readonly recovery_code_sealed?: string;
  /** Why there is one: it came with the first factor, or replaces one that was used. */
  readonly recovery_code_reason?: 'enrolled' | 'used';
}

export interface PendingFactor {
  readonly authenticator_id: string;
  readonly method: string;
  /** oob: handle of the message that was sent, sealed. */
  readonly oob_code_sealed?: string;
  /** Where the code goes, as the page shows it. */
  readonly to?: string;
  /** otp and push enrolment: the URI in the QR code, sealed. */
  readonly barcode_uri_sealed?: string;
}

interface TransactionBase {
  /** SHA-256 of the `state` that the pages carry. */
  readonly id: string;
  /** SHA-256 of the browser's device cookie: a link to the page is worth nothing in another browser. */
  readonly browser_hash: string;
  readonly created_at: number;
  readonly expires_at: number;
  /** Set once the first factor is proved (or taken over from the session). */
  readonly user_id?: string;
  readonly methods: readonly ProvenMethod[];
  /** Was any page shown? Then the user knows what they are logging in to. */
  readonly interactive: boolean;
  readonly second_factor?: SecondFactor;
}

/** A login in progress, as data: every screen changes it, `/authorize/resume` decides what comes next. */
export interface Transaction extends TransactionBase {
  readonly kind: 'login';
  readonly request: AuthorizationRequest;
  /** Absent: the login answers the application that sent the browser. */
  readonly decision?: Decision;
  /** Absent: the application speaks OAuth. */
  readonly foreign?: ForeignRequest;
  /** The organization that the user chose, where the application asked for none. */
  readonly organization?: string;
  /** The request's organization was chosen on a page, before anybody logged in. */
  readonly organization_asked?: true;
  /** What the page for the choice offers. */
  readonly offered_organizations?: readonly string[];
  /** Where the user proved their first factor. */
  readonly connection?: string;
  /** Who the user says they are, where that was asked for on a page of its own. */
  readonly identified?: string;
  /** What is offered once everything is proved: a passkey, to who has none or has it on another device. */
  readonly passkey_offer?: 'progressive' | 'local';
  /** The code that was sent: through which connection, and to which address. */
  readonly passwordless?: { readonly connection: string; readonly recipient: string };
  /** ID of the login ticket that it came with, while it is not known whether this is the ticket's browser. */
  readonly login_ticket?: string;
  /** The session that was taken over, or that this login began. */
  readonly session_id?: string;
  /** Who acts for the user in what this login leads to. */
  readonly actor?: Readonly<Record<string, unknown>>;
  /** The family of the refresh token that this login was handed over from (native to web sign-on). */
  readonly transferred_from?: string;
  /** True once what was proved here is part of that session. */
  readonly session_opened?: boolean;
  /** The user agreed to be sent to a callback that cannot be verified. */
  readonly callback_confirmed?: boolean;
  /** What the consent page asks about. */
  readonly consent_request?: ConsentRequest;
  /** Scopes that the user consented to in this transaction. */
  readonly consented?: readonly string[];
  /** ms: the second factor must follow the first within five minutes. */
  readonly mfa_expires_at?: number;
  readonly refusal?: Refusal;
}

/** A factor being set up by somebody who came with an enrolment ticket, with no application behind it. */
export interface EnrollmentTransaction extends TransactionBase {
  readonly kind: 'enrollment';
  readonly user_id: string;
  /** Used up together with the proof that completes the enrolment. */
  readonly ticket: EnrollmentTicket;
  /** The factor that is ready. */
  readonly enrolled?: string;
}

export type AnyTransaction = Transaction | EnrollmentTransaction;
