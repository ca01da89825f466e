/** The primary address in GitHub's list, and whether it is verified; nothing where there is none. */
export function githubEmail(list: unknown): { email?: string; email_verified?: boolean } {
  if (!Array.isArray(list)) return {};
  const primary = list.find((one): one is { email: string; verified?: unknown } => {
    return typeof one === 'object' && one !== null && one.primary === true && typeof one.email === 'string';
  });
  return primary ? { email: primary.email, email_verified: primary.verified === true } : {};
}
