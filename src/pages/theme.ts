/** A tenant's branding, as stored. Values that are not safe to use are ignored, never printed. */
export type Theme = {
  companyName: string;
  /** Hex colour of buttons and links. */
  primaryColor?: string;
  /** Hex colour or gradient behind the card, in the shape of Auth0's branding `colors.page_background`. */
  pageBackground?: string | Gradient;
  /** `https:` or `data:image/…` address of the logo. */
  logoUrl?: string;
};

export type Gradient = { type: 'linear-gradient'; start: string; end: string; angle_deg?: number };

type Rgb = readonly [number, number, number];

const defaultPrimary = '#2f4fd0';
const black: Rgb = [0, 0, 0];
const white: Rgb = [255, 255, 255];
/** The darkest light and the lightest dark ground that links stand on: `--soft` in styles.ts. */
const lightGround: Rgb = [0xee, 0xf0, 0xf4];
const darkGround: Rgb = [0x25, 0x29, 0x32];
/** WCAG 2.2 §1.4.3: text against its background. */
const readable = 4.5;

/**
 * Gives the CSS custom properties of a theme, as declarations for `:root`. Colours are re-printed from their parsed
 * numbers, so nothing of the input's text reaches the page, and link colours are moved until they are readable.
 */
export function themeVariables(theme: Theme): string {
  const primary = parseColor(theme.primaryColor) ?? parseColor(defaultPrimary) ?? black;
  const variables: Record<string, string> = {
    '--primary': printColor(primary),
    '--on-primary': printColor(readableOn(primary)),
    '--link-light': printColor(moveUntilReadable(primary, lightGround, black)),
    '--link-dark': printColor(moveUntilReadable(primary, darkGround, white)),
    ...pageVariables(theme.pageBackground),
  };
  return Object.entries(variables)
    .map(([name, value]) => `${name}:${value}`)
    .join(';');
}

/** Gives the logo's address if it is one that the pages' content security policy lets through. */
export function safeLogo(url: string | undefined): string | undefined {
  if (!url || url.length > 100_000) return undefined;
  if (/^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,][\x21-\x7e]*$/i.test(url)) return url;
  return URL.parse(url)?.protocol === 'https:' ? url : undefined;
}

function pageVariables(background: Theme['pageBackground']): Record<string, string> {
  if (typeof background === 'object' && background !== null) return gradientVariables(background);
  const color = parseColor(background);
  return color ? { '--page': printColor(color) } : {};
}

function gradientVariables(gradient: Gradient): Record<string, string> {
  const start = parseColor(gradient.start);
  const end = parseColor(gradient.end);
  if (!start || !end) return {};
  const angle = Number.isFinite(gradient.angle_deg) ? Number(gradient.angle_deg) : 0;
  return { '--page': `linear-gradient(${angle}deg,${printColor(start)},${printColor(end)})` };
}

function parseColor(text: unknown): Rgb | undefined {
  if (typeof text !== 'string' || !/^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(text)) return undefined;
  const digits = text.length === 4 ? [...text.slice(1)].map((digit) => digit + digit).join('') : text.slice(1);
  const value = Number.parseInt(digits, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function printColor(color: Rgb): string {
  return `#${color.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function readableOn(background: Rgb): Rgb {
  return contrast(background, white) >= readable ? white : black;
}

function moveUntilReadable(color: Rgb, background: Rgb, towards: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.05) {
    const moved = mix(color, towards, share);
    if (contrast(moved, background) >= readable) return moved;
  }
  return towards;
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const part = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * share);
  return [part(0), part(1), part(2)];
}

/** WCAG 2.2: contrast ratio, 1 to 21. */
function contrast(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: Rgb): number {
  const linear = (part: number) => (part <= 10.31475 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(color[0]) + 0.7152 * linear(color[1]) + 0.0722 * linear(color[2]);
}
