import type { Command } from '@watertight/contracts';
import type { SayFindings } from '../account/say-findings.ts';
import type { CountMetrics } from '../account/count-metrics.ts';
import type { EraseProfile } from './erase-profile.ts';
import type { ReplayDelivery } from './replay-delivery.ts';
import type { VerifyOrder } from './verify-order.ts';

export interface CommandParts {
  readonly replays: ReplayDelivery;
  readonly verifies: VerifyOrder;
  readonly erases: EraseProfile;
  readonly findings: SayFindings;
  readonly counts: CountMetrics;
}

/** Commands that concern what is sent to Klaviyo. The others are for other services. */
export class RunCommands {
  constructor(private readonly parts: CommandParts) {}

  /** Throws RetryableError when the command cannot be carried out now. */
  async run(command: Command, signal: AbortSignal): Promise<void> {
    const { replays, verifies, erases, findings, counts } = this.parts;
    if (command.type === 'replay' && command.stage === 'writer')
      await replays.replay(command.orderKey, signal);
    if (command.type === 'verify') await verifies.verify(command.orderKey);
    if (command.type === 'erase') await erases.erase(command);
    if (command.type === 'check' && command.marketplaceId === null) {
      await findings.run();
      await counts.round();
    }
  }
}
