import { describe, expect, it } from '@jest/globals';
import { settings } from '../words.fixture.ts';
import { noticesOfSettings } from './notices-of-settings.ts';

describe('a marketplace that is set up differently', () => {
  it('is a notice that says what was and what is', () => {
    const before = settings('m', {
      currency: 'EUR',
      channels: [{ code: 'FR', label: 'France', type: null }],
      features: { refunds: 'on' },
    });
    const after = settings('m', {
      at: '2026-03-05T00:00:00Z',
      currency: 'USD',
      channels: [{ code: 'US', label: 'USA', type: null }],
      features: { refunds: 'off' },
    });
    expect(noticesOfSettings(before, after)).toMatchObject([
      {
        reason: 'source.settings_changed',
        origin: 'notice',
        marketplaceId: 'm',
        since: '2026-03-05T00:00:00.000Z',
        detail: 'currency was EUR, is USD; new channel US; channel FR is gone; refunds was on, is off',
      },
    ]);
  });

  it('is none when only the time of the look differs', () => {
    expect(noticesOfSettings(settings('m'), settings('m', { at: '2026-03-05T00:00:00Z' }))).toEqual([]);
  });
});
