import { decimalsOf } from './amounts.ts';
import type { Country } from './marketplace-profile.ts';

export interface SandboxProduct {
  readonly sku: string;
  readonly title: string;
  readonly categoryCode: string;
  readonly categoryLabel: string;
}

type Range = readonly [categoryCode: string, categoryLabel: string, titles: readonly string[]];

const ranges: Readonly<Record<Country, readonly Range[]>> = {
  FR: [
    [
      'CUISINE',
      'Cuisine',
      [
        'Cocotte en fonte 24 cm',
        'Théière émaillée',
        'Planche à découper en hêtre',
        'Moulin à café',
        'Poêle à crêpes',
      ],
    ],
    [
      'LINGE',
      'Linge de maison',
      ['Housse de couette en lin', 'Drap de bain côtelé', 'Taie d’oreiller brodée', 'Plaid en laine'],
    ],
    [
      'DECO',
      'Décoration',
      ['Vase soufflé à la bouche', 'Bougie figuier', 'Miroir rotin', 'Cadre chêne 30×40'],
    ],
    ['JARDIN', 'Jardin', ['Arrosoir zinc 9 L', 'Nichoir à mésanges', 'Transat pliant']],
  ],
  US: [
    [
      'AUDIO',
      'Audio',
      ['Noise-Canceling Headphones', 'Bluetooth Speaker "Pebble"', 'USB-C Studio Microphone', 'Soundbar 2.1'],
    ],
    [
      'PC',
      'Computer Accessories',
      ['Mechanical Keyboard 75%', 'Wireless Mouse', '27" Monitor Arm', 'USB-C Hub 8-in-1', '65W GaN Charger'],
    ],
    ['HOME', 'Smart Home', ['Smart Plug (4-pack)', 'Video Doorbell', 'LED Strip 16 ft', 'Leak Sensor']],
    ['PHOTO', 'Photo', ['Carbon Tripod', 'Camera Sling', 'SD Card 256 GB']],
  ],
  DE: [
    [
      'WERKZEUG',
      'Werkzeug',
      ['Akku-Bohrschrauber 18 V', 'Bügelsäge', 'Schraubendreher-Satz größenverstellbar', 'Kreuzlinienlaser'],
    ],
    [
      'KUECHE',
      'Küche',
      ['Gemüsehobel', 'Brotkasten aus Bambus', 'Käsereibe', 'Müsli-Dosen (3 Stück)', 'Töpfe-Set Übergröße'],
    ],
    ['SPORT', 'Sport & Freizeit', ['Fußball Größe 5', 'Isomatte', 'Trinkflasche Öko 0,7 l', 'Stirnlampe']],
    ['BAD', 'Bad', ['Duschvorhang', 'Badematte flauschig', 'Spiegelschränkchen']],
  ],
};

/** The goods a shop sells in a country. The same list always, so that an article keeps its number. */
export function productsOf(country: Country): readonly SandboxProduct[] {
  return catalogues[country];
}

/** Price of one piece in minor units of any currency; from about 5 to about 250 units of a two-decimal currency. */
export function unitPriceOf(product: number, currency: string): number {
  const cents = 490 + ((product * 7919) % 97) * 255 + ((product * 31) % 10) * 9;
  return inMinor(cents, product % 10, currency);
}

/** Price of sending a line, in minor units of any currency. */
export function shippingPriceOf(choice: number, currency: string): number {
  return inMinor([299, 390, 495, 690, 990][choice % 5] ?? 490, choice % 7, currency);
}

function inMinor(cents: number, mills: number, currency: string): number {
  return decimalsOf(currency) === 3 ? cents * 10 + mills : cents;
}

function catalogueOf(country: Country): readonly SandboxProduct[] {
  return ranges[country].flatMap(([categoryCode, categoryLabel, titles]) =>
    titles.map((title, index) => ({
      sku: `${country}-${categoryCode}-${String(index + 1).padStart(3, '0')}`,
      title,
      categoryCode,
      categoryLabel,
    })),
  );
}

const catalogues: Readonly<Record<Country, readonly SandboxProduct[]>> = {
  FR: catalogueOf('FR'),
  US: catalogueOf('US'),
  DE: catalogueOf('DE'),
};
