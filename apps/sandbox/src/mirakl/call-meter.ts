import type { MarketplaceProfile } from '../trade/marketplace-profile.ts';
import { MiraklRefusal } from './mirakl-errors.ts';

const minuteMs = 60_000;

/** Counts the calls of the last minute of each marketplace that has a limit. */
export class CallMeter {
  private readonly calls = new Map<string, number[]>();

  /** Throws `MiraklRefusal` (429) when the marketplace's limit is reached. A refused call does not count. */
  count(profile: MarketplaceProfile, nowMs: number): void {
    if (!profile.rateLimit) return;
    const recent = (this.calls.get(profile.id) ?? []).filter((callMs) => callMs > nowMs - minuteMs);
    if (recent.length >= profile.rateLimit.callsPerMinute) {
      throw new MiraklRefusal(429, 'Too many requests', profile.rateLimit.retryAfterSeconds);
    }
    this.calls.set(profile.id, [...recent, nowMs]);
  }
}
