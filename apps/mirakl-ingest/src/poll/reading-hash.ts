import type { MarketplacePolicy } from '@watertight/marketplaces';
import { sha256 } from '../capture/content-hash.ts';

/** Raised when this version reads more, or otherwise, from the same answer than the one before it did. */
const READING_VERSION = 1;

/**
 * What decides how an answer of Mirakl is read, as a hash. When it changes (an address field was allowed, the tax mode
 * was corrected), history is read once more: otherwise orders that do not change any more would stay as they were.
 */
export function readingHash({
  orderTaxMode,
  shopId,
  contact,
}: Pick<MarketplacePolicy, 'orderTaxMode' | 'shopId' | 'contact'>): string {
  return sha256(JSON.stringify([READING_VERSION, orderTaxMode, shopId, contact.emailFrom]));
}
