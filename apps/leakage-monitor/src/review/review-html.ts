import type { PackSection, ReviewPack } from './review-pack.ts';

const STYLE = `
  body { font: 14px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }
  h1 { font-size: 1.6rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
  table { border-collapse: collapse; width: 100%; } caption { text-align: left; color: #555; }
  th, td { border-bottom: 1px solid #ddd; padding: .35rem .6rem .35rem 0; text-align: left; vertical-align: top; }
  td { font-variant-numeric: tabular-nums; } th { font-weight: 600; }
  .empty { color: #555; }
  @media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } tr { break-inside: avoid; } }
`;

/** One file that needs nothing else, not even a network. Pure. */
export function reviewHtml({ title, facts, sections }: ReviewPack): string {
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title>`,
    `<style>${STYLE}</style></head><body>`,
    `<h1>${escaped(title)}</h1>`,
    `<table>${facts.map(([name, value]) => `<tr><th scope="row">${escaped(name)}</th><td>${escaped(value)}</td></tr>`).join('')}</table>`,
    ...sections.map(sectionHtml),
    '</body></html>',
    '',
  ].join('\n');
}

function sectionHtml({ heading, empty, columns, rows }: PackSection): string {
  const title = `<h2>${escaped(heading)}</h2>`;
  if (rows.length === 0) return `${title}\n<p class="empty">${escaped(empty)}</p>`;
  const head = columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`);
  return `${title}\n<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Notes and decisions are people's own words. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
