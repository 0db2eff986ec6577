import { describe, expect, it } from '@jest/globals';
import type { AttributeMapping } from '../marketplaces-schema.ts';
import { applyAttributes } from './apply-attributes.ts';
import { field, lineOf, orderOf } from './orders.fixture.ts';

const mapping = (
  from: string,
  on: AttributeMapping['on'] = 'event',
  as: AttributeMapping['as'] = 'text',
): AttributeMapping => ({ from, to: 'Property', on, as });

describe('applyAttributes', () => {
  it.each<[string, string | string[], AttributeMapping['as'], unknown]>([
    ['a text', ' Gift ', 'text', 'Gift'],
    ['several values as a text', ['red', 'blue'], 'text', 'red, blue'],
    ['a number', '12.50', 'number', 12.5],
    ['a number with a comma', '12,50', 'number', undefined],
    ['what is no number', 'many', 'number', undefined],
    ['true as Mirakl writes it', 'true', 'boolean', true],
    ['false as Mirakl writes it', 'False', 'boolean', false],
    ['what is no boolean', 'yes', 'boolean', undefined],
    ['an instant with an offset', '2026-03-01T10:00:00+0100', 'date', '2026-03-01T09:00:00.000Z'],
    ['a day', '2026-03-01', 'date', '2026-03-01'],
    ['a day that the calendar does not have', '2026-02-31', 'date', undefined],
    ['a day as people write it', '01/03/2026', 'date', undefined],
    ['one value as a list', 'red', 'list', ['red']],
    ['several values as a list, each once', ['red', 'blue', 'red'], 'list', ['red', 'blue']],
    ['a list as a number', ['1', '2'], 'number', undefined],
  ])('reads %s', (_name, value, as, expected) => {
    const order = orderOf({ additionalFields: [field('code', value)] });
    const { event, notConvertible } = applyAttributes(order, [mapping('additional:code', 'event', as)]);
    expect(event['Property']).toEqual(expected);
    expect(notConvertible).toHaveLength(expected === undefined ? 1 : 0);
  });

  it.each([null, '', '  ', '\u0000'])('gives no property for %j, and no complaint', (value) => {
    const order = orderOf({ additionalFields: [field('code', value)] });
    const { event, notConvertible } = applyAttributes(order, [mapping('additional:code', 'event', 'number')]);
    expect(event).toEqual({});
    expect(notConvertible).toEqual([]);
  });

  it('reads fields of the order, of its lines and of its channel', () => {
    const order = orderOf({ channel: { code: 'WEB', label: 'Web shop' } });
    const read = (from: string, as: AttributeMapping['as'] = 'text') =>
      applyAttributes(order, [mapping(from, 'event', as)]).event['Property'];
    expect(read('order.payment_type')).toBe('CARD');
    expect(read('order.channel_label')).toBe('Web shop');
    expect(read('line.category_label')).toBe('Lights');
    expect(read('line.quantity', 'number')).toBe(2);
    expect(read('line.unit_price', 'number')).toBe(24.95);
  });

  it('puts the values of all lines onto the event as a list, or the first as anything else', () => {
    const lines = ['Lights', 'Vases', 'Lights'].map((categoryLabel, index) =>
      lineOf({ lineId: `${index}`, categoryLabel }),
    );
    const order = orderOf({ lines });
    const onEvent = (as: AttributeMapping['as']) =>
      applyAttributes(order, [mapping('line.category_label', 'event', as)]).event['Property'];
    expect(onEvent('list')).toEqual(['Lights', 'Vases']);
    expect(onEvent('text')).toBe('Lights');
  });

  it('puts a field of a line onto that line, and one of the order onto each line', () => {
    const order = orderOf({
      lines: [lineOf({ additionalFields: [field('engraving', 'true', 'BOOLEAN')] }), lineOf({ lineId: '2' })],
    });
    const engraved = applyAttributes(order, [mapping('line.additional:engraving', 'line', 'boolean')]);
    expect([...engraved.lines]).toEqual([['1', { Property: true }]]);
    const paid = applyAttributes(order, [mapping('order.payment_type', 'line')]);
    expect([...paid.lines.keys()]).toEqual(['1', '2']);
  });

  it('keeps event and profile apart', () => {
    const applied = applyAttributes(orderOf(), [
      { from: 'order.payment_type', to: 'Paid by', on: 'profile', as: 'text' },
    ]);
    expect(applied).toMatchObject({ event: {}, profile: { 'Paid by': 'CARD' } });
  });

  it('bounds what it takes over', () => {
    const order = orderOf({
      additionalFields: [field('long', 'x'.repeat(5_000))],
    });
    const read = (code: string, as: AttributeMapping['as']) =>
      applyAttributes(order, [mapping(`additional:${code}`, 'event', as)]).event['Property'];
    expect(String(read('long', 'text'))).toHaveLength(1_000);
    const codes = Array.from({ length: 500 }, (_, index) => `v${index}`);
    const wide = orderOf({ additionalFields: [field('many', codes)] });
    expect(
      applyAttributes(wide, [mapping('additional:many', 'event', 'list')]).event['Property'],
    ).toHaveLength(100);
  });
});
