import { Type } from '../../kernel/index.ts';

/** The organization that a path names. */
export const organizationParam = { id: Type.String({ description: 'ID of the organization.' }) };
