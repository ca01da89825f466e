import { entriesOf } from './file.ts';
import type { Section } from './section.ts';
import { atPlace } from './seed-error.ts';

const ROLES = '/api/v2/roles';

/** Roles with the permissions that they hold, of APIs that the file makes before. */
export const roles: Section = {
  key: 'roles',
  needs: [
    ['POST', ROLES],
    ['POST', `${ROLES}/:id/permissions`],
  ],
  async apply({ operations }, value) {
    for (const { at, entry } of entriesOf('roles', value)) {
      const { permissions, ...body } = entry;
      await atPlace(at, async () => {
        const { id } = (await operations.call('POST', ROLES, body)) as { id: string };
        if (permissions === undefined || (Array.isArray(permissions) && permissions.length === 0)) return;
        await operations.call('POST', `${ROLES}/${id}/permissions`, { permissions });
      });
    }
  },
};
