import { ALL_TOPICS, deadLetterTopicsOf } from '@watertight/contracts';
import type { Lane, LanesLook, LaneWatch } from '@watertight/kafka';
import { type Clock, RetryableError } from '@watertight/service';

/** A look older than this says nothing about now. */
const STALE_MS = 60_000;

/** Every lane of every service, as the topics say who reads them. mirakl-ingest reads only its commands. */
export function allLanes(): Lane[] {
  return ALL_TOPICS.flatMap((topic) =>
    topic.groups
      .filter((group) => !(topic.name.startsWith('mirakl.') && group === 'mirakl-ingest'))
      .map((group) => ({ group, topic: topic.name })),
  );
}

export function allDeadLetterTopics(): string[] {
  return ALL_TOPICS.flatMap(deadLetterTopicsOf);
}

/** Remembers the newest look at the lanes, and why there is none. */
export class LaneLooker {
  #look: LanesLook | undefined;
  #problem: string | null = null;

  constructor(
    private readonly watch: Pick<LaneWatch, 'look'>,
    private readonly clock: Clock,
  ) {}

  /** Looks once. Throws RetryableError while the brokers do not answer. */
  async look(): Promise<void> {
    try {
      this.#look = await this.watch.look();
      this.#problem = null;
    } catch (error) {
      if (error instanceof RetryableError) this.#problem = error.message;
      throw error;
    }
  }

  /** Undefined before the first look, and when the newest one is too old. */
  last(): LanesLook | undefined {
    if (this.#look === undefined) return undefined;
    return this.clock.now().getTime() - this.#look.at.getTime() > STALE_MS ? undefined : this.#look;
  }

  get problem(): string | null {
    return this.#problem;
  }
}
