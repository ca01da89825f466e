import { fail } from '../../../kernel/index.ts';
import { composeLetter } from '../../../platform/messages/index.ts';
import { tenantLabel } from '../../labels.ts';
import { limits } from '../../limits.ts';
import { factor } from '../factor.ts';

const LONGEST_ADDRESS = 254;
/** One `@`, something on either side, a dot in the domain: mail servers know the rest. */
const ADDRESS = /^[^\s@<>"(),:;\\]{1,64}@[^\s@<>"(),:;\\]+\.[^\s@<>"(),:;\\]+$/;

/** Codes by e-mail, to the user's verified address or to one that they enrolled. */
export const email = factor({
  type: 'email',
  async prepare(_ctx, { user, email: given }) {
    const address = (given ?? user.email ?? '').trim();
    // The length first: what the pattern costs grows with its square.
    if (address.length > LONGEST_ADDRESS || !ADDRESS.test(address)) fail('invalid_email', {});
    return { members: { email: address }, told: {} };
  },
  channels: {
    email: {
      limit: limits.emails,
      named: 'email',
      log: { sent: 'gd_send_email', failed: 'gd_send_email_failure' },
      answer: 'code',
      async send(ctx, { challenge, secret }) {
        const tenant = await tenantLabel(ctx);
        const letter = composeLetter(challenge.email ?? '', {
          subject: `${secret} is your verification code`,
          opening: `Your verification code for ${tenant} is: ${secret}`,
          code: secret,
          closing:
            'It is valid for five minutes and can be used once. If you did not ask for it, somebody may know your password: change it.',
        });
        await ctx.messenger.deliver(letter);
      },
    },
  },
});
