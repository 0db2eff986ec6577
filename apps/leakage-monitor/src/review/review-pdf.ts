import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import pdfmake from 'pdfmake';
import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type { PackSection, ReviewPack } from './review-pack.ts';

const FONTS = join(
  dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')),
  'fonts',
  'Roboto',
);

pdfmake.setFonts({
  Roboto: {
    normal: join(FONTS, 'Roboto-Regular.ttf'),
    bold: join(FONTS, 'Roboto-Medium.ttf'),
    italics: join(FONTS, 'Roboto-Italic.ttf'),
    bolditalics: join(FONTS, 'Roboto-MediumItalic.ttf'),
  },
});
// A review is made of words: nothing is fetched, and of this machine's files only the fonts are read.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => path.startsWith(FONTS));

/** The review as PDF: A4 across, with page numbers. */
export async function reviewPdf(pack: ReviewPack): Promise<Buffer> {
  return Buffer.from(await pdfmake.createPdf(pdfDefinition(pack)).getBuffer());
}

function pdfDefinition({ title, facts, sections }: ReviewPack): TDocumentDefinitions {
  return {
    info: { title },
    pageSize: 'A4',
    pageOrientation: 'landscape',
    pageMargins: [36, 36, 36, 40],
    defaultStyle: { font: 'Roboto', fontSize: 8.5, lineHeight: 1.15 },
    styles: {
      title: { fontSize: 16, bold: true },
      heading: { fontSize: 11, bold: true },
      quiet: { color: '#555555' },
    },
    footer: (page, pages) => ({
      text: `${title} · ${page} / ${pages}`,
      alignment: 'center',
      style: 'quiet',
      fontSize: 7.5,
    }),
    content: [
      { text: title, style: 'title', margin: [0, 0, 0, 8] },
      {
        layout: 'noBorders',
        table: { widths: [90, '*'], body: facts.map(([name, value]) => [{ text: name, bold: true }, value]) },
      },
      ...sections.flatMap(sectionContent),
    ],
  };
}

function sectionContent({ heading, empty, columns, rows }: PackSection): Content[] {
  const title: Content = { text: heading, style: 'heading', margin: [0, 14, 0, 4] };
  if (rows.length === 0) return [title, { text: empty, style: 'quiet' }];
  // The first column says what it is about; the others are numbers and short words.
  const widths = columns.map((column, index) => (index === 0 || column === 'What to do' ? '*' : 'auto'));
  const head = columns.map((text) => ({ text, bold: true }));
  return [
    title,
    {
      layout: 'lightHorizontalLines',
      table: { headerRows: 1, dontBreakRows: true, widths, body: [head, ...rows.map((row) => [...row])] },
    },
  ];
}
