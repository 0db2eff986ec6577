import { ceHeaders, traceHeaders } from '@watertight/contracts';
import { endSpan, isTracing, startSpan, traceparentOf, withSpan } from '@watertight/service';
import type { ReceivedMessage } from './message-batch.ts';
import { rememberedTraces } from './remembered-traces.ts';

/**
 * Runs the handler of a batch with one span per message, each a child of the span that published it. The messages that
 * the handler gets carry the new span as their `traceparent`, so that whatever it hands on continues the trace. A
 * batch of several messages also is a span of its own, linked to them: a database transaction belongs to all of them.
 */
export async function traceReceived<T>(
  group: string,
  messages: readonly ReceivedMessage<unknown>[],
  handle: (messages: readonly ReceivedMessage<unknown>[]) => Promise<T>,
): Promise<T> {
  const [first] = messages;
  if (!isTracing() || first === undefined) return handle(messages);
  const spans = messages.map((message) => spanOf(group, message));
  const traced = messages.map((message, index) => withTraceparent(message, traceparentOf(spans[index])));
  const batch =
    messages.length === 1
      ? undefined
      : startSpan(`${group} batch ${first.topic}`, {
          root: true,
          kind: 'consumer',
          attributes: { 'messaging.batch.message_count': messages.length },
          links: traced.flatMap(({ headers }) => headers[traceHeaders.traceparent] ?? []),
        });
  const end = (error?: unknown): void => {
    for (const span of [...spans, batch]) endSpan(span, error);
  };
  try {
    const result = await withSpan(batch ?? spans[0], () => handle(traced));
    end();
    return result;
  } catch (error) {
    end(error);
    throw error;
  }
}

function spanOf(group: string, { topic, partition, offset, headers }: ReceivedMessage<unknown>) {
  const traceparent = headers[traceHeaders.traceparent];
  return startSpan(`${group} process ${topic}`, {
    // A message without a header begins a trace; it must not join that of another message.
    ...(traceparent === undefined ? { root: true } : { traceparent }),
    kind: 'consumer',
    attributes: {
      'messaging.system': 'kafka',
      'messaging.destination.name': topic,
      'messaging.destination.partition.id': String(partition),
      'messaging.kafka.offset': Number(offset),
      'watertight.subject': headers[ceHeaders.subject] ?? '',
    },
  });
}

function withTraceparent(
  message: ReceivedMessage<unknown>,
  traceparent: string | undefined,
): ReceivedMessage<unknown> {
  if (traceparent === undefined) return message;
  const subject = message.headers[ceHeaders.subject];
  if (subject !== undefined) rememberedTraces.remember(subject, traceparent);
  return { ...message, headers: { ...message.headers, [traceHeaders.traceparent]: traceparent } };
}
