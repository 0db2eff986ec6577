import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright, type Page } from 'playwright-core';

const artifacts = fileURLToPath(new URL('../../../artifacts/screenshots/', import.meta.url));

// The package is made for functions that render one page and end; with these arguments closing a page ends the browser.
const ONE_PAGE_ONLY = ['--single-process', '--no-zygote', '--disable-web-security'];

/** A real Chromium: the one that comes with `npm ci`, or another by CHROMIUM_PATH. */
export async function startBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? (await chromium.executablePath()),
    args: chromium.args.filter((argument) => !ONE_PAGE_ONLY.includes(argument)),
    headless: true,
  });
}

export interface WatchedPage {
  readonly page: Page;
  /** What the page complained about: errors of scripts, of the content security policy, failed requests. */
  readonly complaints: string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  view: { width?: number; height?: number; colorScheme?: 'light' | 'dark' } = {},
): Promise<WatchedPage> {
  const { width = 1280, height = 900, colorScheme = 'light' } = view;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints };
}

/** The whole page, also what one would have to scroll to. Kept under artifacts/, which git ignores. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(artifacts, { recursive: true });
  await page.screenshot({ path: `${artifacts}${name}.png`, fullPage: true });
}
