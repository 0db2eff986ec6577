import { describe, expect, it } from '@jest/globals';
import type { Balance, Leak } from '../api/model.ts';
import { judgeBalance } from './verdict.ts';

const leak = (bucket: Leak['bucket'], owner: Leak['owner'], orders: number, euro: string): Leak => ({
  bucket,
  owner,
  orders,
  money: { EUR: euro },
  unknownMoney: 0,
  reason: `${bucket}.${owner}`,
  meaning: '',
  severity: 'low',
  whatToDo: '',
});
const difference = (orders: number, euro: string): Balance['difference'] => ({
  orders,
  money: { EUR: euro },
  unknownMoney: 0,
});

describe('the verdict', () => {
  it('counts as leaking what failed or has no contact, not what is on its way or kept back', () => {
    const { leaking } = judgeBalance({
      difference: difference(0, '0.00'),
      leaking: [
        leak('failed', 'platform', 1, '10.10'),
        leak('uncaptured_contact', 'marketing', 4, '40.00'),
        leak('in_flight', 'platform', 9, '900.00'),
        leak('withheld', 'marketing', 7, '70.00'),
      ],
    });
    expect(leaking).toMatchObject({ orders: 5, money: { EUR: '50.10' } });
  });

  it('names those whose job it is, the most orders first', () => {
    const { owners } = judgeBalance({
      difference: difference(0, '0.00'),
      leaking: [
        leak('failed', 'platform', 2, '1.00'),
        leak('uncaptured_contact', 'marketing', 3, '1.00'),
        leak('failed', 'marketing', 4, '1.00'),
      ],
    });
    expect(owners.map(({ owner, amounts }) => [owner, amounts.orders])).toEqual([
      ['marketing', 7],
      ['platform', 2],
    ]);
  });

  it('is not balanced when only money differs', () => {
    expect(judgeBalance({ leaking: [], difference: difference(0, '0.00') }).isBalanced).toBe(true);
    expect(judgeBalance({ leaking: [], difference: difference(0, '0.01') }).isBalanced).toBe(false);
    expect(judgeBalance({ leaking: [], difference: difference(1, '0.00') }).isBalanced).toBe(false);
  });
});
