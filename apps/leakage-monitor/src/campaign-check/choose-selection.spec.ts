import { describe, expect, it } from '@jest/globals';
import { chooseSelection } from './choose-selection.ts';

const range = { from: null, to: null };
const marketplaces = [
  { id: 'maison-fr', channel: 'Maison' },
  { id: 'maison-de', channel: 'Maison' },
  { id: 'nord', channel: 'Nord' },
];
const choose = (channel?: string) =>
  chooseSelection({ channel, sku: undefined }, range, marketplaces, ['Outlet', 'Nord']);

describe('the orders of a campaign', () => {
  it('are those of every marketplace with the label', () => {
    expect(choose('Maison')?.marketplaceIds).toEqual(['maison-fr', 'maison-de']);
    expect(choose('Nord')).toMatchObject({ marketplaceIds: ['nord'], miraklChannel: null });
  });

  it('are those on which Mirakl names the channel, where no marketplace has it as label', () => {
    expect(choose('Outlet')).toMatchObject({ marketplaceIds: null, miraklChannel: 'Outlet' });
  });

  it('are all of them without a channel, and none for a channel that nobody knows', () => {
    expect(choose()).toMatchObject({ marketplaceIds: null, miraklChannel: null });
    expect(choose('maison')).toBeUndefined();
  });
});
