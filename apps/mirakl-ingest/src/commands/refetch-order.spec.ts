import { describe, expect, it } from '@jest/globals';
import type { Command } from '@watertight/contracts';
import { wantedOf } from './refetch-order.ts';

const asked = { commandId: 'c-1', requestedBy: 'sub', requestedAt: '2026-03-10T12:00:00Z', why: 'test' };

describe('wantedOf', () => {
  const wanted = {
    orderKey: 'maison-fr:W-1',
    marketplaceId: 'maison-fr',
    commandId: 'c-1',
    requestedAt: new Date('2026-03-10T12:00:00Z'),
  };

  it('wants an order for a refetch, and for a replay of this stage', () => {
    expect(wantedOf({ ...asked, type: 'refetch', orderKey: 'maison-fr:W-1' })).toEqual(wanted);
    expect(wantedOf({ ...asked, type: 'replay', stage: 'ingest', orderKey: 'maison-fr:W-1' })).toEqual(
      wanted,
    );
  });

  it.each<Command>([
    { ...asked, type: 'replay', stage: 'writer', orderKey: 'maison-fr:W-1' },
    { ...asked, type: 'claim', orderKey: 'maison-fr:W-1', email: 'a@example.org', source: 'csv' },
    { ...asked, type: 'erase', buyerId: 'a'.repeat(64) },
  ])('leaves $type to the other services', (command) => {
    expect(wantedOf(command)).toBeNull();
  });
});
