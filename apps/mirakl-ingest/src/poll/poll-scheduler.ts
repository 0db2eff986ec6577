import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { exitCodes, LOGGER, type Logger } from '@watertight/service';
import type { MarketplacePoller } from './marketplace-poller.ts';

/** Injection token of the pollers, one per marketplace. */
export const POLLERS = Symbol('POLLERS');

/** Starts the pollers with the service, and on the way down lets each finish the step it is in. */
@Injectable()
export class PollScheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(POLLERS) private readonly pollers: readonly MarketplacePoller[],
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#running = Promise.all(this.pollers.map((poller) => poller.run(this.#stop.signal))).then(
      () => undefined,
      (error: unknown) => {
        // A bug: going on could skip what was not captured. The next start repeats from the last good point.
        this.logger.fatal({ event: 'unknown_error', err: error }, 'unknown error, stopping');
        process.exit(exitCodes.unknownError);
      },
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort(new Error('the service is stopping'));
    await this.#running;
  }
}
