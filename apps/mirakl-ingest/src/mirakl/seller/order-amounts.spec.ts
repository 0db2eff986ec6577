import { describe, expect, it } from '@jest/globals';
import { normaliseOrder } from './normalise-order.ts';
import { cancelationFixture, lineFixture, orderFixture, refundFixture } from './order.fixture.ts';

const context = {
  orderTaxMode: 'TAX_INCLUDED',
  emailFrom: [],
  baseUrl: 'https://maison.example',
  readAt: new Date('2026-03-10T00:00:00Z'),
} as const;

const read = (changes: Record<string, unknown>) => normaliseOrder(orderFixture(changes), context);
const eur = (amount: string) => ({ amount, currency: 'EUR' });
const part = (amount: number, payable_to_shop: boolean) => ({ amount, payable_to_shop });

describe('the amount of an order: what the buyer pays the seller', () => {
  it('is total_price where amounts include tax; taxes are taken out for the amount without tax', () => {
    const line = lineFixture({
      taxes: [{ code: 'VAT', amount: 7.5 }],
      shipping_taxes: [{ code: 'VAT', amount: 0.82 }],
    });
    const { order } = read({ order_lines: [line] });
    expect([order.amount, order.amountWithoutTax]).toEqual([eur('49.90'), eur('41.58')]);
    expect(order.lines[0]?.amount).toEqual(eur('45.00'));
  });

  it('is total_price plus line and shipping taxes where amounts exclude tax', () => {
    const line = lineFixture({
      taxes: [
        { code: 'VAT-A', amount: 1.03 },
        { code: 'VAT-B', amount: 3.13 },
      ],
      shipping_taxes: [{ code: 'VAT-B', amount: 1.58 }],
    });
    const { order } = read({ order_tax_mode: 'TAX_EXCLUDED', order_lines: [line] });
    expect([order.amount, order.amountWithoutTax]).toEqual([eur('55.64'), eur('49.90')]);
    expect(order.lines[0]?.amount).toEqual(eur('49.16'));
  });

  it('trap: tax that the operator remits to the state is nobody’s revenue here', () => {
    const line = lineFixture({
      taxes: [
        { code: 'STATE', amount: 4, amount_breakdown: { parts: [part(4, false)] } },
        { code: 'MIXED', amount: 3, amount_breakdown: { parts: [part(1, true), part(2, false)] } },
        { code: 'OURS', amount: 2, amount_breakdown: { parts: [part(2, true)] } },
        { code: 'PLAIN', amount: 1, amount_breakdown: null },
      ],
    });
    const { order } = read({ order_tax_mode: 'TAX_EXCLUDED', order_lines: [line] });
    expect(order.amount).toEqual(eur('53.90'));
  });

  it('believes total_price and does not add the lines up', () => {
    expect(
      read({ total_price: 173, order_lines: [lineFixture({ price: 1, total_price: 1 })] }).order.amount,
    ).toEqual(eur('173.00'));
  });

  it.each([
    ['JPY', 1200, '1200'],
    ['EUR', 0.1, '0.10'],
    ['EUR', 1234567.89, '1234567.89'],
    ['KWD', 3.25, '3.250'],
    ['EUR', '49.90', '49.90'],
    ['EUR', 0, '0.00'],
  ])('is exact in %s: %p is %s', (currency_iso_code, total_price, amount) => {
    const { order } = read({ currency_iso_code, total_price, order_lines: [] });
    expect(order.amount).toEqual({ amount, currency: currency_iso_code });
  });

  it('trap: takes the taxes of the order where Mirakl calculates them per order and the lines list none', () => {
    const order_taxes = [
      { code: 'VAT-A', rate: 20, total_amount: 7 },
      { code: 'VAT-B', rate: 5, total_amount: 1.1 },
    ];
    const excluded = { order_tax_mode: 'TAX_EXCLUDED', order_taxes };
    expect(read(excluded).order.amount).toEqual(eur('58.00'));
    expect(read({ order_taxes }).order).toMatchObject({
      amount: eur('49.90'),
      amountWithoutTax: eur('41.80'),
    });
    const line = lineFixture({ taxes: [{ code: 'VAT-A', amount: 7 }] });
    expect(read({ ...excluded, order_lines: [line] }).order.amount).toEqual(eur('56.90'));
  });

  it('refuses an order whose tax cannot be read, rather than leave the tax out', () => {
    const line = lineFixture({ taxes: [{ code: 'VAT', amount: 'a lot' }] });
    expect(() => read({ order_tax_mode: 'TAX_EXCLUDED', order_lines: [line] })).toThrow(
      /order_lines\[0\]\.taxes\[0\]\.amount/,
    );
  });

  it('leaves a line without a readable price without an amount', () => {
    const { order } = read({ order_lines: [lineFixture({ price: null, price_unit: 'x' })] });
    expect(order.lines[0]).toMatchObject({ amount: null, unitPrice: null });
  });
});

describe('refunds and cancelations, by the same rule', () => {
  const changesOf = (line: Record<string, unknown>, order: Record<string, unknown> = {}) =>
    read({ ...order, order_lines: [lineFixture(line)] }).refunds;

  it('adds goods, shipping and fees', () => {
    const [refund] = changesOf({
      refunds: [refundFixture({ shipping_amount: 1.79, fees: [{ code: 'f', amount: 0.3 }] })],
    });
    expect(refund).toEqual({
      kind: 'refund',
      id: '501',
      lineId: 'W-1001-A-1',
      state: 'WAITING_REFUND',
      final: false,
      amount: eur('12.09'),
      quantity: 1,
      reasonCode: '15',
      createdAt: '2026-03-03T09:00:00Z',
      completedAt: null,
    });
  });

  it('adds the taxes that are payable to the shop where amounts exclude tax', () => {
    const taxes = [{ amount: 2 }, { amount: 1, amount_breakdown: { parts: [part(1, false)] } }];
    const refunds = [refundFixture({ taxes, shipping_taxes: [{ amount: 0.5 }] })];
    const cancelations = [cancelationFixture({ taxes })];
    expect(
      changesOf({ refunds, cancelations }, { order_tax_mode: 'TAX_EXCLUDED' }).map(({ amount }) => amount),
    ).toEqual([eur('12.50'), eur('18.50')]);
    expect(changesOf({ refunds, cancelations }).map(({ amount }) => amount)).toEqual([
      eur('10.00'),
      eur('16.50'),
    ]);
  });

  it('trap: adds order-level refund taxes once, to the first refund that was made with the others', () => {
    const refunds = [
      refundFixture({ id: '1', amount: 10, order_refund_id: 'G-1' }),
      refundFixture({ id: '2', amount: 5, order_refund_id: 'G-1' }),
      refundFixture({ id: '3', amount: 2, order_refund_id: 'G-2' }),
    ];
    const order_refunds = [
      { order_refund_id: 'G-1', taxes: [{ code: 'VAT', rate: 20, total_amount: 3 }] },
      { order_refund_id: 'G-2', taxes: null },
    ];
    const order_lines = [lineFixture({ refunds })];
    const amounts = (order_tax_mode: string) =>
      read({ order_tax_mode, order_refunds, order_lines }).refunds.map(({ amount }) => amount?.amount);
    expect(amounts('TAX_EXCLUDED')).toEqual(['13.00', '5.00', '2.00']);
    expect(amounts('TAX_INCLUDED')).toEqual(['10.00', '5.00', '2.00']);
  });

  it('trap: refund_state decides, the frozen state only where there is nothing else', () => {
    const states = (refund: Record<string, unknown>) => {
      const [read] = changesOf({ refunds: [refundFixture(refund)] });
      return [read?.state, read?.final];
    };
    expect(states({ refund_state: 'REFUNDED', state: 'WAITING_REFUND' })).toEqual(['REFUNDED', true]);
    expect(states({ refund_state: 'WAITING_REFUND_TAX_CONFIRMATION', state: 'REFUNDED' })).toEqual([
      'WAITING_REFUND_TAX_CONFIRMATION',
      false,
    ]);
    expect(states({ refund_state: undefined, state: 'REFUNDED' })).toEqual(['REFUNDED', true]);
    expect(states({ refund_state: '', state: null })).toEqual([null, false]);
    expect(states({ refund_state: 'REFUNDED_BY_PIGEON' })).toEqual(['REFUNDED_BY_PIGEON', false]);
  });

  it('trap: a quantity of 0 or none has money in it, and shipping alone can be refunded', () => {
    const refunds = [
      refundFixture({ id: 'a', quantity: 0 }),
      refundFixture({ id: 'b', quantity: null, amount: 0, shipping_amount: 0.01 }),
      refundFixture({ id: 'c', quantity: undefined, amount: null, shipping_amount: 3 }),
    ];
    expect(changesOf({ refunds }).map(({ amount, quantity }) => [amount?.amount, quantity])).toEqual([
      ['10.00', 0],
      ['0.01', null],
      ['3.00', null],
    ]);
  });

  it('knows no amount where none is named', () => {
    const [refund] = changesOf({
      refunds: [refundFixture({ amount: null, shipping_amount: undefined, fees: null })],
    });
    expect(refund?.amount).toBeNull();
  });

  it('believes a completion date only within the life of the refund', () => {
    const completed = (transaction_date: unknown, refund_state = 'REFUNDED') =>
      changesOf({ refunds: [refundFixture({ refund_state, transaction_date })] })[0]?.completedAt;
    expect(completed('2026-03-04T10:00:00.500Z')).toBe('2026-03-04T10:00:00.500Z');
    expect(completed('2026-03-03T08:00:00Z')).toBeNull();
    expect(completed('2026-03-11T00:00:00Z')).toBeNull();
    expect(completed('2026-03-04T10:00:00Z', 'WAITING_REFUND')).toBeNull();
    expect(completed(null)).toBeNull();
  });

  it('takes a cancelation as final at once, and its units as gone', () => {
    const [cancelation] = changesOf({ cancelations: [cancelationFixture()] });
    expect(cancelation).toMatchObject({
      kind: 'cancelation',
      id: '601',
      state: null,
      final: true,
      completedAt: null,
    });
  });

  it('keeps every refund of a line, and two with one id apart', () => {
    const refunds = [refundFixture({ id: 1 }), refundFixture({ id: 2 }), refundFixture({ id: 2, amount: 3 })];
    expect(changesOf({ refunds }).map(({ id, amount }) => [id, amount?.amount])).toEqual([
      ['1', '10.00'],
      ['2', '10.00'],
      ['2/W-1001-A-1', '3.00'],
    ]);
  });
});
