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
}

/** What was proved in this transaction, in order. */
export interface ProvenMethod {
  /** `pwd` for the first factor, `mfa` for a second one. */
  readonly name: 'pwd' | 'mfa';
  /** mfa: `otp`, `sms`, `voice`, `email`, `push`, `recovery-code`. */
  readonly type?: string;
  readonly timestamp: string;
}

/** A login in progress, as data: every screen changes it, `/authorize/resume` decides what comes next. */
export interface Transaction {
  /** SHA-256 of the `state` that the pages carry. */
  readonly id: string;
  /** SHA-256 of the browser's transaction cookie: a link to the page is worth nothing in another browser. */
  readonly browser_hash: string;
  readonly request: AuthorizationRequest;
  readonly created_at: number;
  readonly expires_at: number;
  /** Set once the first factor is proved (or taken over from the session). */
  readonly user_id?: string;
  readonly connection?: string;
  /** The session that was taken over; absent when the user proved a first factor in this transaction. */
  readonly session_id?: string;
  readonly methods: readonly ProvenMethod[];
  /** Was any page shown? Then the user knows what they are logging in to. */
  readonly interactive: boolean;
  readonly callback_confirmed?: boolean;
  /** Scopes that the user consented to in this transaction. */
  readonly consented?: readonly string[];
  /** The second factor in progress; its shape is `mfa/`'s. */
  readonly mfa?: Readonly<Record<string, unknown>>;
  /** ms: the second factor must follow the first within five minutes. */
  readonly mfa_expires_at?: number;
  readonly remember_browser?: boolean;
}
