import { describe, expect, it } from '@jest/globals';
import { type AnsweredPage, nextPage } from './next-page.ts';

const url = 'https://maison.example/mirakl/api/orders';
const query = new URLSearchParams({ start_update_date: '2026-03-01T00:00:00Z', max: '100', shop_id: '2001' });

function next(changes: Partial<AnsweredPage>): URLSearchParams | null {
  return nextPage({ query, url, link: undefined, orders: 100, totalCount: 250, ...changes });
}

const at = (offset: number) => new URLSearchParams([...query, ['offset', String(offset)]]);

describe('nextPage', () => {
  it('follows rel="next" and no other link', () => {
    const link = `<${url}?max=100&offset=0>; rel="previous", <${url}?max=100&offset=100>; rel="next"`;
    expect(next({ link })?.get('offset')).toBe('100');
  });

  it('keeps our own parameters over those of the link, so that another shop is never read', () => {
    const link = `<${url}?offset=100&max=10&shop_id=9&page_hint=x>; rel=next`;
    expect(Object.fromEntries(next({ link }) ?? [])).toEqual({
      start_update_date: '2026-03-01T00:00:00Z',
      max: '100',
      shop_id: '2001',
      offset: '100',
      page_hint: 'x',
    });
  });

  it.each([
    ['another host', 'https://elsewhere.example/mirakl/api/orders?offset=170'],
    ['another scheme', 'http://maison.example/mirakl/api/orders?offset=170'],
    ['another path', 'https://maison.example/mirakl/api/invoices?offset=170'],
    ['no offset', `${url}?max=100`],
    ['an offset that does not move on', `${url}?offset=0`],
    ['nonsense', 'http://['],
  ])('does not follow a link to %s, and goes on by the count', (_case, target) => {
    expect(next({ link: `<${target}>; rel="next"` })?.toString()).toBe(at(100).toString());
  });

  it('goes on by the count where there is no link', () => {
    expect(next({})?.toString()).toBe(at(100).toString());
    expect(next({ query: at(200), orders: 50 })).toBeNull();
  });

  it('trap: a page may be shorter than asked for, and the count still says that there is more', () => {
    expect(next({ orders: 10, totalCount: 27 })?.get('offset')).toBe('10');
  });

  it('goes on after a full page and ends after a short one where there is neither link nor count', () => {
    expect(next({ totalCount: null })?.get('offset')).toBe('100');
    expect(next({ totalCount: null, orders: 99 })).toBeNull();
  });

  it('ends at an empty page, whatever it links to', () => {
    expect(next({ orders: 0, link: `<${url}?offset=100>; rel="next"` })).toBeNull();
  });
});
