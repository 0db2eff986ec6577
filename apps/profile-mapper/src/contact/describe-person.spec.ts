import { describe, expect, it } from '@jest/globals';
import type { RawBuyer } from '../facts/stored-order.ts';
import { order } from '../scenarios/facts.fixture.ts';
import { describePerson, mergePerson } from './describe-person.ts';

const person = (buyer: Partial<RawBuyer>) => describePerson(order({ buyer }).buyer);

describe('describePerson', () => {
  it.each([
    [{ countryCode: 'FRA', country: 'Frankreich' }, 'FR'],
    [{ countryCode: null, country: 'ES' }, 'ES'],
    [{ countryCode: null, country: 'esp' }, 'ES'],
    [{ countryCode: 'XKX', country: 'Kosovo' }, 'Kosovo'],
    [{ countryCode: null, country: ' Italia ' }, 'Italia'],
    [{ countryCode: null, country: null }, null],
    [{ countryCode: 'CONSTRUCTOR', country: null }, 'CONSTRUCTOR'],
  ])('takes %j as country %s', (buyer, country) => {
    expect(person(buyer).country).toBe(country);
  });

  it.each([
    ['fr_FR', 'fr-FR'],
    ['de', 'de'],
    ['zh_hant_tw', 'zh-Hant-TW'],
    ['??', null],
    [null, null],
  ])('writes the locale %s as %s', (locale, expected) => {
    expect(person({ locale }).locale).toBe(expected);
  });

  it.each([
    ['06 12 34 56 78', 'FRA', '+33612345678'],
    ['+49 151 23456789', 'FRA', '+4915123456789'],
    ['0033 6 12 34 56 78', 'FRA', '+33612345678'],
    ['12', 'FRA', null],
    ['none', 'FRA', null],
    ['06 12 34 56 78', null, null],
    [null, 'FRA', null],
  ])('writes the phone %s of %s as %s, or drops it', (phone, countryCode, expected) => {
    expect(person({ phone, countryCode, country: null }).phone).toBe(expected);
  });

  it('takes blanks as nothing', () => {
    expect(person({ firstName: '  ', lastName: 'Ex\u0000ample' })).toMatchObject({
      firstName: null,
      lastName: 'Example',
    });
  });
});

describe('mergePerson', () => {
  const known = person({ firstName: 'Ada', city: 'Lyon', postalCode: '69001' });

  it('never replaces what is known by a blank', () => {
    const blank = person({
      firstName: null,
      lastName: null,
      locale: null,
      countryCode: null,
      country: null,
      city: null,
      postalCode: null,
    });
    expect(mergePerson(known, blank)).toEqual(known);
  });

  it('takes a place as a whole', () => {
    const moved = person({ city: 'Paris', postalCode: null });
    expect(mergePerson(known, moved)).toMatchObject({ city: 'Paris', postalCode: null });
  });
});
