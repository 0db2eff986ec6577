import {
  type ArgumentsHost,
  applyDecorators,
  Catch,
  type RpcExceptionFilter,
  UseFilters,
} from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import type { TopicDefinition } from '@watertight/contracts';
import { throwError, type Observable } from 'rxjs';
import type { Static, TSchema } from 'typebox';
import type { BatchHandlerFunction } from './message-batch.ts';

/**
 * NestJS replaces an error of a message handler by "Internal server error" for a caller over the network. Here the
 * caller is the strategy, which must know the error itself: can it be tried again, or is it a bug?
 */
@Catch()
class KeepError implements RpcExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}

type HandlerDecorator<T> = (
  target: object,
  name: string | symbol,
  method: TypedPropertyDescriptor<BatchHandlerFunction<T>>,
) => void;

/**
 * Makes a controller's method the handler of a topic: `(batch: MessageBatch<OrderFact>) => Promise<MessageOutcome[]>`.
 * A method for another topic's messages does not compile. It returns one outcome per message, in order; throws
 * RetryableError to have the same messages again later; any other error stops the service.
 */
export function BatchHandler<S extends TSchema>(topic: TopicDefinition<S>): HandlerDecorator<Static<S>> {
  if (topic.cleanup === 'compact') {
    throw new TypeError(`${topic.name} is compacted and carries tombstones: use CompactedBatchHandler`);
  }
  return handlerOf(topic.name);
}

/** As BatchHandler, for a compacted topic: a value is null where the key was removed. */
export function CompactedBatchHandler<S extends TSchema>(
  topic: TopicDefinition<S>,
): HandlerDecorator<Static<S> | null> {
  if (topic.cleanup !== 'compact') throw new TypeError(`${topic.name} is not compacted: use BatchHandler`);
  return handlerOf(topic.name);
}

function handlerOf<T>(pattern: string): HandlerDecorator<T> {
  return applyDecorators(EventPattern<string>(pattern), UseFilters(new KeepError()));
}
