import { type Context, epochSeconds, isoTime } from '../../../kernel/index.ts';
import type { StoredClient } from '../../../resources/clients/index.ts';
import type { User } from '../../../resources/users/index.ts';
import { recordLogin } from '../../../strategies/index.ts';
import type { Authorization } from '../authorization.ts';

interface SentCode extends Pick<Authorization, 'target' | 'requested' | 'organization'> {
  readonly client: StoredClient;
  readonly user: User;
  /** Name of the connection. */
  readonly connection: string;
  /** How the code was sent. */
  readonly by: 'email' | 'sms';
  readonly ip: string;
  /** Uses the code up. WireError where somebody was faster. */
  readonly prove: () => Promise<void>;
}

/** What the right code entitles to: a login by that alone, in which the code is used up. */
export function authorizeSentCode(ctx: Context, code: SentCode): Authorization {
  const { by, prove, organization, ...rest } = code;
  return {
    ...rest,
    flow: 'passwordless',
    ...(organization ? { organization: { id: organization.id } } : {}),
    auth_time: epochSeconds(ctx.clock),
    methods: [{ name: by, timestamp: isoTime(ctx.clock) }],
    proveFirstFactor: prove,
    consume: async () => {
      await prove();
      await recordLogin(ctx, code.user, code.ip);
    },
  };
}
