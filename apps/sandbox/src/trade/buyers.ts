import type { Country, MarketplaceProfile } from './marketplace-profile.ts';
import { SeededRandom } from '../seeded-random.ts';

/** An invented person. Every address lies in a domain that is reserved for examples. */
export interface SandboxBuyer {
  readonly customerId: string;
  readonly firstname: string;
  readonly lastname: string;
  readonly email: string;
  readonly civility: string | null;
  readonly street: string;
  readonly zipCode: string;
  readonly city: string;
  readonly state: string | null;
  readonly phone: string;
}

interface Place {
  readonly zipCode: string;
  readonly city: string;
  readonly state: string | null;
}

const firstnames: Readonly<Record<Country, readonly string[]>> = {
  FR: [
    'Zoé',
    'Léonie',
    'Hélène',
    'Maëlle',
    'Agathe',
    'Théo',
    'Rémi',
    'Noël',
    'Gaëtan',
    'François',
    'Inès',
    'Lucie',
  ],
  US: [
    'Ashley',
    'Madison',
    'Brooke',
    'Kaylee',
    'Tyler',
    'Mason',
    'Logan',
    'Wyatt',
    'Paige',
    'Dakota',
    'Riley',
    'Zane',
  ],
  DE: [
    'Jürgen',
    'Käthe',
    'Björn',
    'Anneliese',
    'Günther',
    'Sören',
    'Lieselotte',
    'Jörg',
    'Ute',
    'Heike',
    'Malte',
    'Änne',
  ],
};

const lastnames: Readonly<Record<Country, readonly string[]>> = {
  FR: ['Exemplaire', 'Modèle', 'Fictif', 'Inventée', 'Bidon-Lévêque', 'd’Essai', 'Prétexte', 'Factice'],
  US: ['Sampleton', 'Mockford', 'Testerman', 'Placeholt', 'Dummond', 'Fakerly', 'Specimen', 'O’Sample'],
  DE: [
    'Mustermann',
    'Beispiel',
    'Prüfer',
    'Erfundener',
    'Großtest',
    'Öllerprobe',
    'Scheinbar',
    'Müller-Muster',
  ],
};

const streets: Readonly<Record<Country, readonly string[]>> = {
  FR: ['rue de l’Exemple', 'avenue du Modèle', 'impasse des Essais', 'boulevard Fictif'],
  US: ['Sample Street', 'Mockingbird Test Lane', 'Placeholder Avenue', 'Specimen Drive'],
  DE: ['Musterstraße', 'Beispielallee', 'Prüfgasse', 'Am Testfeld'],
};

const places: Readonly<Record<Country, readonly Place[]>> = {
  FR: [
    { zipCode: '99001', city: 'Exempleville', state: null },
    { zipCode: '99120', city: 'Saint-Modèle', state: null },
    { zipCode: '99530', city: 'Essai-sur-Mer', state: null },
  ],
  US: [
    { zipCode: '00001', city: 'Sampleburg', state: 'NY' },
    { zipCode: '00219', city: 'Mockton', state: 'TX' },
    { zipCode: '00412', city: 'Testville', state: 'CA' },
  ],
  DE: [
    { zipCode: '00010', city: 'Musterstadt', state: null },
    { zipCode: '00777', city: 'Prüfingen', state: null },
    { zipCode: '00999', city: 'Testow an der Übung', state: null },
  ],
};

const domains = ['example.com', 'example.org', 'example.net', 'mail.example.com', 'post.example.org'];

/** Every twentieth buyer shops on all marketplaces and is the same person there, with the same address. */
const sharedEvery = 20;

/** The buyer with a number: always the same for the same seed and marketplace. */
export function buyerOf(seed: number, profile: MarketplaceProfile, number: number): SandboxBuyer {
  const shared = number % sharedEvery === 0;
  const country: Country = shared ? 'FR' : profile.country;
  const random = new SeededRandom(seed, 'buyer', shared ? 'everywhere' : profile.id, number);
  const firstname = random.pick(firstnames[country]);
  const lastname = random.pick(lastnames[country]);
  const place = random.pick(places[country]);
  const mailbox = `${plain(firstname)}.${plain(lastname)}.${number}${shared ? '' : profile.country.toLowerCase()}`;
  const email = `${mailbox}@${random.pick(domains)}`;
  const street = `${random.integer(1, 190)} ${random.pick(streets[country])}`;
  const phone = `${{ FR: '+33 1 99 00', US: '+1 555 01', DE: '+49 30 23125' }[country]} ${random.integer(10, 99)} ${random.integer(10, 99)}`;
  const usesAddressAsId = random.chance(profile.customerIdIsEmail);
  return {
    customerId: usesAddressAsId ? email : `C${profile.shopId}-${number}`,
    firstname,
    lastname,
    email,
    civility: random.chance(0.4) ? random.pick(['M', 'Mme', 'Mrs', 'Mr']) : null,
    street,
    zipCode: place.zipCode,
    city: place.city,
    state: place.state,
    phone,
  };
}

/** Letters a to z only: "Müller-Muster" → "mullermuster". */
function plain(name: string): string {
  return name
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');
}
