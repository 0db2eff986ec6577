import { createHmac } from 'node:crypto';
import type { RawBuyer } from '../facts/stored-order.ts';

/** Who ordered with one address at one marketplace: marks of distinct names and of distinct places. */
export interface AddressPeople {
  readonly names: readonly string[];
  readonly places: readonly string[];
}

/** By marketplace id. */
export type PeopleByMarketplace = Readonly<Record<string, AddressPeople>>;

/** The name and the place on an order as marks: keyed hashes, so that nothing of the person can be read from them. */
export interface PersonMarks {
  readonly name: string | null;
  readonly place: string | null;
}

/** More than a threshold can be; what is beyond it needs no counting. */
const MARKS_MAX = 100;

const NOBODY: AddressPeople = { names: [], places: [] };

export function markPerson(buyer: RawBuyer, key: string): PersonMarks {
  return {
    name: mark([buyer.firstName, buyer.lastName], key),
    place: mark([buyer.postalCode, buyer.city], key),
  };
}

/** Adds what one more order shows; the same object when it shows nobody new. */
export function notePerson(
  people: PeopleByMarketplace,
  marketplaceId: string,
  { name, place }: PersonMarks,
): PeopleByMarketplace {
  const known = people[marketplaceId] ?? NOBODY;
  const names = added(known.names, name);
  const places = added(known.places, place);
  return names === known.names && places === known.places
    ? people
    : { ...people, [marketplaceId]: { names, places } };
}

/**
 * Is the address a placeholder by repetition? It is when `sharedBy` different names at as many different places have
 * ordered with it. Names alone do not tell: a family shares an address and a home. Nor do places: one buyer sends
 * presents to many. Where a marketplace gives no places at all, the names must do. 0 means never.
 */
export function isSharedAddress(people: AddressPeople | undefined, sharedBy: number): boolean {
  if (people === undefined || sharedBy === 0 || people.names.length < sharedBy) return false;
  return people.places.length === 0 || people.places.length >= sharedBy;
}

function added(marks: readonly string[], next: string | null): readonly string[] {
  return next === null || marks.length >= MARKS_MAX || marks.includes(next) ? marks : [...marks, next];
}

/** Upper case, accents, spaces and punctuation make no other person. */
function mark(parts: readonly (string | null)[], key: string): string | null {
  const text = parts
    .map((part) =>
      (part ?? '')
        .normalize('NFKD')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}]/gu, ''),
    )
    .join(' ')
    .trim();
  return text === '' ? null : createHmac('sha256', key).update(text).digest('base64url').slice(0, 12);
}
