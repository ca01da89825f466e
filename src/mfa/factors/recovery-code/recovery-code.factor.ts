import { factor } from '../factor.ts';

/** The code that stands in for a lost factor. It comes with the first factor and is replaced when it is used. */
export const recoveryCode = factor({ type: 'recovery-code', channels: {} });
