import { describe, expect, it } from '@jest/globals';
import { listFields } from './list-fields.ts';
import { maskExample } from './mask-example.ts';
import { field, lineOf, orderOf } from './orders.fixture.ts';
import { isChanged, previewMapping } from './preview-mapping.ts';

describe('listFields', () => {
  it('names every additional field as a mapping would, and values of closed lists only', () => {
    const order = orderOf({
      additionalFields: [
        field('colour', ['red', 'blue'], 'MULTIPLE_VALUES_LIST'),
        field('note', 'Ring at Ada’s, 12 Rue X'),
        field('empty', ''),
      ],
      lines: [
        lineOf({ additionalFields: [field('engraving', 'true', 'BOOLEAN')] }),
        lineOf({ lineId: '2', categoryLabel: 'Vases' }),
      ],
    });
    const seen = new Map(listFields(order).map(({ field: name, values }) => [name, values]));
    expect(Object.fromEntries(seen)).toEqual({
      'order.payment_type': ['CARD'],
      'additional:colour': ['red', 'blue'],
      'additional:note': [],
      'line.category_label': ['Lights', 'Vases'],
      'line.additional:engraving': ['true'],
    });
  });

  it('masks what somebody typed', () => {
    const order = orderOf({ additionalFields: [field('note', 'Ada, 12 Rue X')] });
    const note = listFields(order).find((seen) => seen.field === 'additional:note');
    expect(note?.example()).toBe('Xxx, 00 Xxx X');
  });
});

describe('maskExample', () => {
  it.each([
    ['ada@example.com', 'xxx@xxxxxxx.xxx'],
    ['+33 6 12', '+00 0 00'],
    ['Ünal Straße', 'Xxxx Xxxxxx'],
    ['2026-03-01', '0000-00-00'],
  ])('shows the shape of %s only', (text, shape) => {
    expect(maskExample(text)).toBe(shape);
  });

  it('shows no more than a beginning', () => {
    expect(maskExample('a'.repeat(500))).toHaveLength(61);
  });
});

describe('previewMapping', () => {
  it('shows each property before and after, and what is not of its type', () => {
    const order = orderOf({ additionalFields: [field('gift', 'true'), field('size', 'large')] });
    const [preview] = previewMapping(
      [order],
      [
        { from: 'additional:gift', to: 'Gift', on: 'event', as: 'text' },
        { from: 'order.payment_type', to: 'Paid by', on: 'event', as: 'text' },
      ],
      [
        { from: 'additional:gift', to: 'Gift', on: 'event', as: 'boolean' },
        { from: 'order.payment_type', to: 'Paid by', on: 'event', as: 'text' },
        { from: 'line.category_label', to: 'Category', on: 'line', as: 'text' },
        { from: 'additional:size', to: 'Size', on: 'profile', as: 'number' },
      ],
    );
    expect(preview?.properties.filter(isChanged)).toEqual([
      { on: 'event', lineId: null, property: 'Gift', before: 'true', after: true },
      { on: 'line', lineId: '1', property: 'Category', before: undefined, after: 'Lights' },
    ]);
    expect(preview?.properties).toHaveLength(3);
    expect(preview?.notConvertible.map(({ to }) => to)).toEqual(['Size']);
  });
});
