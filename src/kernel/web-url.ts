/** The http or https URL that `text` is; undefined for anything else. */
export function webUrl(text: unknown): URL | undefined {
  const url = typeof text === 'string' ? URL.parse(text) : null;
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url : undefined;
}
