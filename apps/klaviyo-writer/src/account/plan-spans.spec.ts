import { describe, expect, it } from '@jest/globals';
import { planSpans } from './plan-spans.ts';

describe('the spans that are asked for', () => {
  it('are one for all days within a year', () => {
    expect(planSpans(['2026-11-20', '2026-01-01', '2026-11-20'])).toEqual([
      { fromDay: '2026-01-01', toDay: '2026-11-21' },
    ]);
  });

  it('are each at most a year long, and hold no more than the days need', () => {
    expect(planSpans(['2024-02-28', '2024-02-29', '2025-02-27', '2025-02-28', '2026-11-20'])).toEqual([
      { fromDay: '2024-02-28', toDay: '2024-03-01' },
      { fromDay: '2025-02-27', toDay: '2025-03-01' },
      { fromDay: '2026-11-20', toDay: '2026-11-21' },
    ]);
  });

  it('are none without a day', () => {
    expect(planSpans([])).toEqual([]);
  });
});
