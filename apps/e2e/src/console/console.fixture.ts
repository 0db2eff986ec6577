import type { Browser, Locator, Page } from 'playwright-core';
import { openPage, type WatchedPage } from '../browser.fixture.ts';
import type { RunningSystem } from '../system.fixture.ts';

export const CONSOLE_PAGES = [
  { path: '/', name: 'overview', heading: 'Overview' },
  { path: '/orders', name: 'orders', heading: 'Orders' },
  { path: '/exceptions', name: 'exceptions', heading: 'Exceptions' },
  { path: '/exceptions?view=list', name: 'exceptions-list', heading: 'Exceptions' },
  { path: '/marketplaces', name: 'marketplaces', heading: 'Marketplaces' },
  { path: '/marketplaces?marketplace=nordmarkt-de', name: 'marketplace', heading: 'Marketplaces' },
  { path: '/mapping', name: 'mapping', heading: 'Mapping' },
  { path: '/campaign-check', name: 'campaign-check', heading: 'Campaign check' },
  { path: '/review', name: 'review', heading: 'Weekly review' },
  { path: '/finance', name: 'finance', heading: 'Finance' },
  { path: '/operations', name: 'operations', heading: 'Operations' },
  { path: '/operations?view=alerts', name: 'operations-alerts', heading: 'Operations' },
  { path: '/help', name: 'help', heading: 'Help' },
] as const;

/** A page as it is once its answers have come: its heading is there, and no skeleton is. */
export async function isLoaded(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached', timeout: 60_000 });
}

interface View {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** The console as the printed address opens it: signed in, at the overview. */
export async function openConsole(
  browser: Browser,
  system: RunningSystem,
  view: View = {},
): Promise<WatchedPage> {
  const watched = await openPage(browser, `${system.url}/?token=${system.token}`, view);
  await isLoaded(watched.page, 'Overview');
  return watched;
}

/** Waits for a text inside a place; playwright's own assertions are not part of its core. */
export async function hasText(place: Locator, text: string | RegExp, timeoutMs = 30_000): Promise<void> {
  await place.filter({ hasText: text }).first().waitFor({ timeout: timeoutMs });
}
