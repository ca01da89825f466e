import type { Html } from './html.ts';
import { raw } from './html.ts';

function drawIcon(paths: string, size = 22): Html {
  return raw(
    `<svg width="${size}" height="${size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" ` +
      `stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${paths}</svg>`,
  );
}

/** The drawings used on the pages, all decorative: the words beside them say the same. */
export const icons = {
  alert: drawIcon('<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5M12 16.2v.1"/>', 16),
  bell: drawIcon('<path d="M18 9a6 6 0 1 0-12 0c0 6-2 7-2 7h16s-2-1-2-7M10 20a2.2 2.2 0 0 0 4 0"/>'),
  check: drawIcon('<path d="m5 12.5 4.5 4.5L19 7.5"/>', 20),
  chevron: drawIcon('<path d="m9 5 7 7-7 7"/>', 18),
  cross: drawIcon('<path d="m6.5 6.5 11 11M17.5 6.5l-11 11"/>', 24),
  done: drawIcon('<path d="m5 12.5 4.5 4.5L19 7.5"/>', 28),
  key: drawIcon('<circle cx="8" cy="15" r="4.5"/><path d="m11.3 11.7 8.2-8.2M16 7l3 3"/>'),
  mail: drawIcon('<rect x="3" y="5" width="18" height="14" rx="2.5"/><path d="m4 7.5 8 5.5 8-5.5"/>'),
  message: drawIcon('<path d="M4 5h16v11H9.5L4 20zM8.5 10.5h.1M12 10.5h.1M15.5 10.5h.1"/>'),
  phone: drawIcon(
    '<path d="M5 4h4l1.7 4.6-2.2 1.6a12 12 0 0 0 5.3 5.3l1.6-2.2L20 15v4a1.5 1.5 0 0 1-1.6 1.5A16 16 0 0 1 3.5 5.6 1.5 1.5 0 0 1 5 4z"/>',
  ),
  device: drawIcon('<rect x="6.5" y="2.5" width="11" height="19" rx="2.5"/><path d="M11 18h2"/>'),
} as const;
