import type { Range } from '../http/read-range.ts';
import type { Selection } from './campaign-check.store.ts';

export interface ChannelName {
  readonly id: string;
  readonly channel: string;
}

/**
 * The orders of a channel: all of the marketplaces that carry it as their label, else those on which Mirakl itself
 * names it. Undefined for a channel that is neither. Pure.
 */
export function chooseSelection(
  { channel, sku }: { readonly channel: string | undefined; readonly sku: string | undefined },
  range: Range,
  marketplaces: readonly ChannelName[],
  miraklChannels: readonly string[],
): Selection | undefined {
  const rest = { sku: sku ?? null, ...range };
  if (channel === undefined) return { marketplaceIds: null, miraklChannel: null, ...rest };
  const labelled = marketplaces.filter((one) => one.channel === channel).map(({ id }) => id);
  if (labelled.length > 0) return { marketplaceIds: labelled, miraklChannel: null, ...rest };
  if (miraklChannels.includes(channel)) return { marketplaceIds: null, miraklChannel: channel, ...rest };
  return undefined;
}
