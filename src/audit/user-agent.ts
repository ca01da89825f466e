export interface UserAgent {
  /** `Chrome 120.0.0 / Mac OS X 10.15.7`, as Auth0 puts it. */
  readonly summary: string;
  readonly isMobile: boolean;
}

type Row = readonly [pattern: RegExp, name: string];

/** The first that matches names the program: those that imitate others come before what they imitate. */
const PROGRAMS: readonly Row[] = [
  [/\b(?:Edg|EdgA|EdgiOS)\/([\d.]+)/, 'Edge'],
  [/\bOPR\/([\d.]+)/, 'Opera'],
  [/\bSamsungBrowser\/([\d.]+)/, 'Samsung Internet'],
  [/\bHeadlessChrome\/([\d.]+)/, 'HeadlessChrome'],
  [/\b(?:Chrome|CriOS)\/([\d.]+)/, 'Chrome'],
  [/\b(?:Firefox|FxiOS)\/([\d.]+)/, 'Firefox'],
  [/\bVersion\/([\d.]+) Mobile\/\S+ Safari\//, 'Mobile Safari'],
  [/\bVersion\/([\d.]+).* Safari\//, 'Safari'],
  [/^curl\/([\d.]+)/, 'curl'],
  [/\bpython-requests\/([\d.]+)/, 'Python Requests'],
  [/\b(?:undici|node)(?:\/v?([\d.]+))?/, 'Node.js'],
  [/\bGo-http-client\/([\d.]+)/, 'Go-http-client'],
];

const SYSTEMS: readonly Row[] = [
  [/\b(?:iPhone|iPad|iPod)\b.* OS ([\d_]+)/, 'iOS'],
  [/\bAndroid ([\d.]+)/, 'Android'],
  [/\bWindows NT ([\d.]+)/, 'Windows'],
  [/\bMac OS X ([\d_.]+)/, 'Mac OS X'],
  [/\bCrOS \S+ ([\d.]+)/, 'Chrome OS'],
  [/\bLinux\b/, 'Linux'],
];

function describe(rows: readonly Row[], text: string): string {
  for (const [pattern, name] of rows) {
    const match = pattern.exec(text);
    if (match) return `${name} ${threeParts(match[1])}`;
  }
  return 'Other 0.0.0';
}

function threeParts(version: string | undefined): string {
  const parts = (version ?? '').split(/[._]/).filter((part) => part !== '');
  return [parts[0] ?? '0', parts[1] ?? '0', parts[2] ?? '0'].join('.');
}

const known = new Map<string, UserAgent>();
const KNOWN_LIMIT = 1000;
/** Longer ones say nothing more, and pattern matching is paid for by the character. */
const READ_CHARACTERS = 400;

/** Reads a `User-Agent` header. What was read lately is remembered: a service calls with the same one each time. */
export function readUserAgent(header: string): UserAgent {
  const text = header.slice(0, READ_CHARACTERS);
  let found = known.get(text);
  if (!found) {
    const summary = `${describe(PROGRAMS, text)} / ${describe(SYSTEMS, text)}`;
    found = { summary, isMobile: /\b(?:Mobile|iPhone|iPad|Android)\b/.test(text) };
    if (known.size >= KNOWN_LIMIT) known.clear();
    known.set(text, found);
  }
  return found;
}
