import { describe, expect, it } from '@jest/globals';

import { waitUntil } from './wait-until.ts';

const quick = { deadlineMs: 30, pollMs: 1 };

describe('waitUntil', () => {
  it('returns the first thing that is there, zero and the empty text included', async () => {
    const values = [undefined, null, false, 0];
    expect(await waitUntil('a value', () => values.shift(), quick)).toBe(0);
    expect(await waitUntil('a text', () => '', quick)).toBe('');
  });

  it('goes on looking while the probe throws', async () => {
    let looks = 0;
    const probe = (): string => {
      looks += 1;
      if (looks < 3) throw new Error('not yet');
      return 'here';
    };
    expect(await waitUntil('it', probe, quick)).toBe('here');
  });

  it('names what was awaited and what was seen last', async () => {
    await expect(waitUntil('three rows', () => false, quick)).rejects.toThrow(
      'waited 30 ms for three rows; last seen: false',
    );
    const broken = (): never => {
      throw new Error('no connection');
    };
    await expect(waitUntil('a row', broken, quick)).rejects.toThrow('last seen: the error no connection');
  });
});
