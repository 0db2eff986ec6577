import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What a person with a screen reader, a keyboard or weak eyes would stumble over: only serious and critical things. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // Evaluated by the browser's own protocol, which the page's policy for scripts does not concern.
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const runner: typeof axe = Reflect.get(window, 'axe');
    const { violations } = await runner.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
  return found;
}
