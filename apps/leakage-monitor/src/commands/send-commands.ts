import { type Command, type TopicDefinition, Topics, type CommandSchema } from '@watertight/contracts';
import { outgoing, type TopicPublisher } from '@watertight/kafka';
import { type Clock, RetryableError } from '@watertight/service';
import { carriesAddress, subjectOfCommand } from './command-draft.ts';
import type { SentCommandStore } from './sent-command.store.ts';

/** Commands that a person waits for may still be on their way; older ones are sent by the timer. */
const WAITING_AFTER_MS = 15_000;
const RESEND_MAX = 500;

export interface SendCommandsParts {
  readonly store: SentCommandStore;
  readonly publisher: Pick<TopicPublisher, 'publish'>;
  readonly clock: Clock;
  /** Another name only in tests. */
  readonly topic?: TopicDefinition<typeof CommandSchema>;
}

/**
 * Sends noted commands to the services. What was noted is sent at least once: the ids are the same, and each service
 * does one id once. A command with an address is the exception, because the address is kept nowhere: when it cannot be
 * sent it is forgotten, and whoever asked is told.
 */
export class SendCommands {
  constructor(private readonly parts: SendCommandsParts) {}

  /**
   * Sends commands that have been noted. Without brokers those without an address stay noted and go later; with one
   * among them, throws RetryableError.
   */
  async send(commands: readonly Command[]): Promise<void> {
    if (commands.length === 0) return;
    const { publisher, store, clock, topic = Topics.commands } = this.parts;
    try {
      await publisher.publish(
        commands.map((value) => {
          const subject = subjectOfCommand(value);
          return outgoing(topic, { key: subject, subject, value, id: value.commandId });
        }),
      );
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      const lost = commands.filter(carriesAddress).map(({ commandId }) => commandId);
      if (lost.length === 0) return;
      await store.forget(lost);
      throw error;
    }
    await store.markPublished(
      commands.map(({ commandId }) => commandId),
      clock.now(),
    );
  }

  /** Sends what was noted a while ago and has not gone. Idempotent; any number of replicas. */
  async sendWaiting(): Promise<void> {
    const before = new Date(this.parts.clock.now().getTime() - WAITING_AFTER_MS);
    await this.send(await this.parts.store.waiting(before, RESEND_MAX));
  }
}
