/** What browser tests live in: a server with TLS, an application that logins come back to, a browser, and a look at every page. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../chromium.ts';
import { type RealServer, startRealServer } from '../compat/real-server.ts';

const PICTURES = join(import.meta.dirname, '../screenshots');
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 375, height: 740 };

export interface House {
  readonly server: RealServer;
  /** Where the application is: `http://localhost:<port>`. */
  readonly appUrl: string;
  /** A browser with cookies of its own. */
  visit(options?: { javaScriptEnabled?: boolean; colorScheme?: 'light' | 'dark' }): Promise<BrowserContext>;
  close(): Promise<void>;
}

/** Serves the scripts among `files` by path; every other path gets the application's page, `/`. */
function serveApplication(files: Readonly<Record<string, string>>): Promise<{ url: string; close(): void }> {
  const listener = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const script = path === '/' ? undefined : files[path];
    response.setHeader('content-type', script === undefined ? 'text/html; charset=utf-8' : 'text/javascript');
    response.end(script ?? files['/'] ?? '<!doctype html><title>Application</title><h1>Back at the application</h1>');
  });
  return new Promise((resolve) => {
    listener.listen(0, '127.0.0.1', () => {
      const url = `http://localhost:${(listener.address() as AddressInfo).port}`;
      resolve({ url, close: () => void listener.close() });
    });
  });
}

/** Starts everything. `files` are the application's own. */
export async function openHouse(files: Readonly<Record<string, string>> = {}): Promise<House> {
  const server = await startRealServer();
  const application = await serveApplication(files);
  const browser: Browser = await launchChromium({ hosts: { localhost: '127.0.0.1' } });
  return {
    server,
    appUrl: application.url,
    visit: (options = {}) => browser.newContext({ ignoreHTTPSErrors: true, viewport: DESKTOP, ...options }),
    async close() {
      await browser.close();
      application.close();
      await server.close();
    },
  };
}

const INPUTS = `[...document.querySelectorAll('input:not([type=hidden]):not([hidden])')]`;

/** What must hold on every page for who can't see it or has no mouse: expressions of the page's own language. */
const ACCESSIBLE: Readonly<Record<string, string>> = {
  'the document has a language': `document.documentElement.lang !== ''`,
  'the document has a title': `document.title.trim() !== ''`,
  'there is exactly one h1': `document.querySelectorAll('h1').length === 1`,
  'there is a main': `document.querySelector('main') !== null`,
  'every input has a label': `${INPUTS}.every((input) => input.labels?.length > 0 || input.ariaLabel)`,
  'every description is there': `${INPUTS}.flatMap((input) => (input.getAttribute('aria-describedby') ?? '').split(' ')).every((id) => id === '' || document.getElementById(id))`,
  'every button and link has a name': `[...document.querySelectorAll('button, a[href]')].every((control) => (control.ariaLabel ?? control.textContent).trim() !== '')`,
  'every image has an alternative': `[...document.images].every((image) => image.hasAttribute('alt'))`,
  'nobody tampers with the order of focus': `[...document.querySelectorAll('[tabindex]')].every((element) => element.tabIndex <= 0)`,
  'it does not scroll sideways': `document.documentElement.scrollWidth <= document.documentElement.clientWidth`,
};

/** Takes a picture of a page that somebody else made. */
export async function photograph(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await takePicture(page, join(PICTURES, `${name}.png`));
}

/** Takes pictures of the page, on a desktop and on a phone, and checks that nobody is shut out of it. */
export async function look(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  for (const [device, size] of Object.entries({ phone: PHONE, desktop: DESKTOP })) {
    await page.setViewportSize(size);
    await takePicture(page, join(PICTURES, `${name}-${device}.png`));
    for (const [rule, expression] of Object.entries(ACCESSIBLE))
      assert.ok(await page.evaluate(expression), `${name} on a ${device}: ${rule}`);
  }
}

/** Pictures are for people to look at: Chromium sometimes has none to give on a busy machine, which says nothing about the page. */
async function takePicture(page: Page, path: string, tries = 3): Promise<void> {
  try {
    await page.screenshot({ path, fullPage: true });
  } catch (error) {
    const isBusy = String(error).includes('Unable to capture screenshot');
    if (!isBusy) throw error;
    if (tries > 1) await takePicture(page, path, tries - 1);
    else console.error(`no picture of ${path}`);
  }
}
