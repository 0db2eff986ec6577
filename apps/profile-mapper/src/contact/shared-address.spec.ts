import { describe, expect, it } from '@jest/globals';
import { BUYER_ID_KEY, order } from '../scenarios/facts.fixture.ts';
import { isSharedAddress, markPerson, notePerson, type PeopleByMarketplace } from './shared-address.ts';

type Person = readonly [firstName: string | null, postalCode: string | null];

const marks = ([firstName, postalCode]: Person) =>
  markPerson(
    order({ buyer: { firstName, lastName: firstName === null ? null : 'Example', postalCode, city: null } })
      .buyer,
    BUYER_ID_KEY,
  );
const after = (people: readonly Person[]) =>
  people.reduce<PeopleByMarketplace>((known, person) => notePerson(known, 'm', marks(person)), {});

describe('an address that several people order with', () => {
  it.each<[string, readonly Person[], boolean]>([
    ['nobody', [], false],
    [
      'two strangers',
      [
        ['Ada', '1'],
        ['Eve', '2'],
      ],
      false,
    ],
    [
      'three strangers',
      [
        ['Ada', '1'],
        ['Eve', '2'],
        ['Bob', '3'],
      ],
      true,
    ],
    [
      'a family of three in one home',
      [
        ['Ada', '1'],
        ['Eve', '1'],
        ['Bob', '1'],
      ],
      false,
    ],
    [
      'one buyer who sends presents to three places',
      [
        ['Ada', '1'],
        ['Ada', '2'],
        ['Ada', '3'],
      ],
      false,
    ],
    [
      'one buyer, written in three ways',
      [
        ['Ada', '1'],
        ['ADA ', '2'],
        ['Áda', '3'],
      ],
      false,
    ],
    [
      'three names where no place is ever given',
      [
        ['Ada', null],
        ['Eve', null],
        ['Bob', null],
      ],
      true,
    ],
    [
      'three places where no name is ever given',
      [
        [null, '1'],
        [null, '2'],
        [null, '3'],
      ],
      false,
    ],
  ])('is a placeholder with a threshold of three: %s', (_name, people, expected) => {
    expect(isSharedAddress(after(people)['m'], 3)).toBe(expected);
  });

  it('is never one when the threshold is 0', () => {
    expect(
      isSharedAddress(
        after([
          ['Ada', '1'],
          ['Eve', '2'],
        ])['m'],
        0,
      ),
    ).toBe(false);
  });

  it('is counted per marketplace', () => {
    const people = notePerson(
      after([
        ['Ada', '1'],
        ['Eve', '2'],
      ]),
      'other',
      marks(['Bob', '3']),
    );
    expect(isSharedAddress(people['m'], 3)).toBe(false);
    expect(isSharedAddress(people['other'], 1)).toBe(true);
  });

  it('keeps nothing that can be read, and no more than it needs', () => {
    const many = Array.from({ length: 300 }, (_, index): Person => [`N${index}`, `${index}`]);
    const people = after(many)['m'];
    expect(people?.names).toHaveLength(100);
    expect(JSON.stringify(after([['Ada', '69001']]))).not.toMatch(/ada|69001/i);
  });

  it('is the same object when an order shows nobody new', () => {
    const people = after([['Ada', '1']]);
    expect(notePerson(people, 'm', marks(['Ada', '1']))).toBe(people);
  });
});
