import { managementError } from '../../kernel/index.ts';
import type { SettingsChange } from './settings.schema.ts';

type Members = Readonly<Record<string, unknown>>;

interface Refusal {
  /** The setting, and the member in it. */
  readonly path: readonly string[];
  readonly refuses: (sent: unknown) => boolean;
  readonly because: string;
}

const isTrue = (sent: unknown) => sent === true;
const isFalse = (sent: unknown) => sent === false;

/** What a tenant may not ask for here, as nothing would come of it. */
const REFUSALS: readonly Refusal[] = [
  {
    // A link is asked for by an application, for whatever browser its reader has: there is no session that it could be bound to.
    path: ['universal_login', 'passwordless', 'allow_magiclink_verify_without_session'],
    refuses: isFalse,
    because: 'can not be false: this server does not bind links to browsers.',
  },
  {
    path: ['country_codes'],
    refuses: (sent) => sent !== null,
    because: 'is not supported: this server does not tell the countries of phone numbers apart.',
  },
  {
    path: ['flags', 'enable_sso'],
    refuses: isFalse,
    because: 'can not be false: logins are always shared between applications.',
  },
  {
    path: ['flags', 'change_pwd_flow_v1'],
    refuses: isTrue,
    because: 'can not be true: passwords are changed on the page of a mailed link alone.',
  },
  {
    path: ['flags', 'enable_idtoken_api2'],
    refuses: isTrue,
    because: 'can not be true: the Management API takes access tokens alone.',
  },
];

const memberOf = (value: unknown, name: string) => (value as Members | null | undefined)?.[name];

/** WireError 400 for what `change` asks for in vain. */
export function requireOffered(change: SettingsChange): void {
  for (const { path, refuses, because } of REFUSALS) {
    const sent = path.reduce(memberOf, change as unknown);
    if (sent !== undefined && refuses(sent))
      throw managementError(400, `${path.join('.')} ${because}`, 'operation_not_supported');
  }
}
