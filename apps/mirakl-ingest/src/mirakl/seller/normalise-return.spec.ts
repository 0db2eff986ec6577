import { describe, expect, it } from '@jest/globals';
import { normaliseReturn } from './normalise-return.ts';

const readAt = new Date('2026-03-10T00:00:00Z');
const raw = {
  id: 'ret-1',
  order_id: 'W-1001-A',
  state: 'IN_PROGRESS',
  reason_code: 'CHANGED_MIND',
  date_created: '2026-03-05T09:00:00Z',
  last_updated: '2026-03-06T09:00:00Z',
  return_lines: [{ order_line_id: 'W-1001-A-1', quantity: 2 }],
};
const read = (changes: Record<string, unknown> = {}) => normaliseReturn({ ...raw, ...changes }, readAt);

describe('normaliseReturn', () => {
  it('links a return to its order and line; it has no money of its own', () => {
    expect(read()).toEqual({
      kind: 'readable',
      orderId: 'W-1001-A',
      content: {
        kind: 'return',
        id: 'ret-1',
        lineId: 'W-1001-A-1',
        state: 'IN_PROGRESS',
        final: false,
        amount: null,
        quantity: 2,
        reasonCode: 'CHANGED_MIND',
        createdAt: '2026-03-05T09:00:00Z',
        completedAt: null,
      },
    });
  });

  it.each([
    ['WAITING_ACCEPTANCE', false, null],
    ['IN_PROGRESS', false, null],
    ['RECEIVED', true, '2026-03-06T09:00:00Z'],
    ['CLOSED', true, null],
    ['REFUSED', true, null],
    ['NO_RECEPTION', true, null],
    ['CANCELED', true, null],
    ['SENT_BY_BALLOON', false, null],
  ])('takes %s as ended: %p, with the goods back at %p', (state, final, completedAt) => {
    expect(read({ state })).toMatchObject({ content: { state, final, completedAt } });
  });

  it('is about the order when it brings back several lines', () => {
    const return_lines = [
      { order_line_id: 'a', quantity: 1 },
      { order_line_id: 'b', quantity: 3 },
    ];
    expect(read({ return_lines })).toMatchObject({ content: { lineId: null, quantity: 4 } });
    expect(read({ return_lines: null })).toMatchObject({ content: { lineId: null, quantity: null } });
  });

  it('takes numeric ids, and stands in for a date that is missing', () => {
    expect(read({ id: 12, order_id: 13, date_created: null })).toMatchObject({
      orderId: '13',
      content: { id: '12', createdAt: '2026-03-06T09:00:00Z' },
    });
    expect(read({ date_created: null, last_updated: null })).toMatchObject({
      content: { createdAt: '2026-03-10T00:00:00.000Z' },
    });
  });

  it.each([['id'], ['order_id']])('keeps the bytes of a return without %s', (field) => {
    const { [field]: _left, ...rest } = raw as Record<string, unknown>;
    expect(normaliseReturn(rest, readAt)).toEqual({
      kind: 'unreadable',
      detail: expect.stringContaining('return:'),
      bytes: Buffer.from(JSON.stringify(rest)),
    });
  });
});
