import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Rounds } from './rounds.ts';

/** Starts and ends the rounds with the service. */
export class RunRounds implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(private readonly rounds: Rounds) {}

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }
}
