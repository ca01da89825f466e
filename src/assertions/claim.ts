/** What a claim can say. Dates are told apart from texts: Auth0 types them otherwise. */
export type ClaimValue = string | number | boolean | Date;

/** Something that an assertion says of its subject. */
export interface Claim {
  /** A URI, or a name of the service provider's own. */
  readonly name: string;
  readonly values: readonly ClaimValue[];
}

/** The names that Auth0 gives to what most service providers ask for. */
export const CLAIM = {
  nameidentifier: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier',
  emailaddress: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
  name: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
  givenname: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname',
  surname: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname',
  upn: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn',
  group: 'http://schemas.xmlsoap.org/claims/Group',
} as const;

/** What stands in front of the names of claims without a mapping (Auth0). */
export const OWN_CLAIMS = 'http://schemas.auth0.com/';

/** A value as text: dates as JavaScript prints them in UTC, as Auth0 does. */
export function claimText(value: ClaimValue): string {
  return value instanceof Date ? dateText(value) : String(value);
}

/** `Tue Sep 06 2022 12:43:37 GMT+0000 (Coordinated Universal Time)`, wherever this machine stands. */
function dateText(date: Date): string {
  const [, weekday, day, month, year, time] = /^(\w+), (\d+) (\w+) (\d+) (\S+)/.exec(date.toUTCString()) ?? [];
  return `${weekday} ${month} ${day} ${year} ${time} GMT+0000 (Coordinated Universal Time)`;
}
