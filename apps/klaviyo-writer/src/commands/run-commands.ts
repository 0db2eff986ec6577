import type { Command } from '@watertight/contracts';
import type { ReplayDelivery } from './replay-delivery.ts';

/** Commands that concern what was sent to Klaviyo. The others are for other services. */
export class RunCommands {
  constructor(private readonly replays: ReplayDelivery) {}

  async run(command: Command, signal: AbortSignal): Promise<void> {
    if (command.type === 'replay' && command.stage === 'writer')
      await this.replays.replay(command.orderKey, signal);
  }
}
