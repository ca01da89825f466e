/** What is the same for everybody who uses a well-known provider. */
export interface SocialProvider {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly jwks_uri?: string;
  readonly userinfo_endpoint?: string;
  /** Tells whom an access token was issued to, as `aud`; with it, applications may bring one along. */
  readonly tokeninfo_endpoint?: string;
  /** Where browsers learn how to ask it for a login of their own accord (FedCM). */
  readonly fedcm_config?: string;
  /** Lists the addresses of the user, where the profile may keep them back. */
  readonly emails_endpoint?: string;
  /** Asked for besides what the connection asks for. */
  readonly scope: readonly string[];
  /** The switches of the options, and the scope that each asks for; '' for a switch that asks for nothing. */
  readonly switches: Readonly<Record<string, string>>;
  /** Switches that are on unless told otherwise. */
  readonly defaults: readonly string[];
  /** Parameters of `/authorize` that are handed on as they are. */
  readonly passes: readonly string[];
  /** The member of the profile that each member of a user is taken from. */
  readonly fields?: Readonly<Record<string, string>>;
}

const google = (name: string) => `https://www.googleapis.com/auth/${name}`;

const GOOGLE: SocialProvider = {
  issuer: 'https://accounts.google.com',
  authorization_endpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
  token_endpoint: 'https://oauth2.googleapis.com/token',
  jwks_uri: 'https://www.googleapis.com/oauth2/v3/certs',
  userinfo_endpoint: 'https://openidconnect.googleapis.com/v1/userinfo',
  tokeninfo_endpoint: 'https://oauth2.googleapis.com/tokeninfo',
  fedcm_config: 'https://accounts.google.com/gsi/fedcm.json',
  scope: ['openid'],
  switches: {
    email: 'email',
    profile: 'profile',
    offline_access: '',
    analytics: google('analytics'),
    calendar: google('calendar'),
    calendar_events: google('calendar.events'),
    calendar_events_readonly: google('calendar.events.readonly'),
    calendar_settings_readonly: google('calendar.settings.readonly'),
    contacts: google('contacts'),
    contacts_other_readonly: google('contacts.other.readonly'),
    contacts_readonly: google('contacts.readonly'),
    directory_readonly: google('directory.readonly'),
    drive: google('drive'),
    drive_appdata: google('drive.appdata'),
    drive_file: google('drive.file'),
    drive_metadata: google('drive.metadata'),
    drive_metadata_readonly: google('drive.metadata.readonly'),
    drive_readonly: google('drive.readonly'),
    gmail: 'https://mail.google.com/',
    gmail_compose: google('gmail.compose'),
    gmail_insert: google('gmail.insert'),
    gmail_labels: google('gmail.labels'),
    gmail_metadata: google('gmail.metadata'),
    gmail_modify: google('gmail.modify'),
    gmail_readonly: google('gmail.readonly'),
    gmail_send: google('gmail.send'),
    gmail_settings_basic: google('gmail.settings.basic'),
    gmail_settings_sharing: google('gmail.settings.sharing'),
    tasks: google('tasks'),
    tasks_readonly: google('tasks.readonly'),
    youtube: google('youtube'),
    youtube_readonly: google('youtube.readonly'),
    youtube_upload: google('youtube.upload'),
  },
  defaults: ['email', 'profile'],
  passes: ['access_type', 'approval_prompt'],
};

const GITHUB: SocialProvider = {
  issuer: 'https://github.com/login/oauth',
  authorization_endpoint: 'https://github.com/login/oauth/authorize',
  token_endpoint: 'https://github.com/login/oauth/access_token',
  userinfo_endpoint: 'https://api.github.com/user',
  emails_endpoint: 'https://api.github.com/user/emails',
  scope: [],
  switches: {
    email: 'user:email',
    read_user: 'read:user',
    follow: 'user:follow',
    public_repo: 'public_repo',
    repo: 'repo',
    repo_deployment: 'repo_deployment',
    repo_status: 'repo:status',
    delete_repo: 'delete_repo',
    notifications: 'notifications',
    gist: 'gist',
    read_repo_hook: 'read:repo_hook',
    write_repo_hook: 'write:repo_hook',
    admin_repo_hook: 'admin:repo_hook',
    read_org: 'read:org',
    admin_org: 'admin:org',
    read_public_key: 'read:public_key',
    write_public_key: 'write:public_key',
    admin_public_key: 'admin:public_key',
    write_org: 'write:org',
    profile: '',
  },
  defaults: [],
  passes: [],
  fields: { user_id: 'id', nickname: 'login', name: 'name', email: 'email', picture: 'avatar_url' },
};

const APPLE: SocialProvider = {
  issuer: 'https://appleid.apple.com',
  authorization_endpoint: 'https://appleid.apple.com/auth/authorize',
  token_endpoint: 'https://appleid.apple.com/auth/token',
  jwks_uri: 'https://appleid.apple.com/auth/keys',
  scope: [],
  switches: { email: 'email', name: 'name' },
  defaults: [],
  passes: [],
};

const FACEBOOK: SocialProvider = {
  issuer: 'https://www.facebook.com',
  authorization_endpoint: 'https://www.facebook.com/dialog/oauth',
  token_endpoint: 'https://graph.facebook.com/oauth/access_token',
  userinfo_endpoint: 'https://graph.facebook.com/me',
  scope: [],
  switches: { email: 'email', public_profile: 'public_profile' },
  defaults: [],
  passes: [],
  fields: { user_id: 'user_id', email: 'email', name: 'name', given_name: 'first_name', family_name: 'last_name' },
};

/** By strategy. */
export const socialProviders: Readonly<Record<string, SocialProvider>> = {
  'google-oauth2': GOOGLE,
  github: GITHUB,
  apple: APPLE,
  facebook: FACEBOOK,
};
