import { endSpan, isTracing, startSpan, traceparentOf } from '@watertight/service';
import type { OutgoingMessage } from './encode-message.ts';
import { rememberedTraces } from './remembered-traces.ts';

export interface TracedMessages {
  readonly messages: readonly OutgoingMessage[];
  end(error?: unknown): void;
}

/**
 * Gives each message a span of its own and its header. It follows from the message that led to it, or from the trace
 * in which this process last saw the order; otherwise a trace begins here, one per subject: what one poll says of one
 * order belongs together. While tracing is off the messages go as they are, with the header they already have.
 */
export function traceOutgoing(messages: readonly OutgoingMessage[]): TracedMessages {
  if (!isTracing()) return { messages, end: () => undefined };
  const origin = traceparentOf();
  const begun = new Map<string, string>();
  const spans = messages.map((message) => {
    const { subject, topic } = message;
    const traceparent = message.traceparent ?? begun.get(subject) ?? rememberedTraces.of(subject);
    const span = startSpan(`publish ${topic.name}`, {
      ...(traceparent === undefined ? { root: true } : { traceparent }),
      kind: 'producer',
      attributes: {
        'messaging.system': 'kafka',
        'messaging.destination.name': topic.name,
        'watertight.subject': subject,
        ...outcomeOf(message.value),
      },
      // The poll or the batch within which it was said.
      links: origin === undefined ? [] : [origin],
    });
    const header = traceparentOf(span);
    if (header !== undefined && !begun.has(subject)) begun.set(subject, header);
    return span;
  });
  return {
    messages: messages.map((message, index) => {
      const traceparent = traceparentOf(spans[index]);
      return traceparent === undefined ? message : { ...message, traceparent };
    }),
    end: (error) => {
      for (const span of spans) endSpan(span, error);
    },
  };
}

function outcomeOf(value: unknown): { readonly 'watertight.outcome'?: string } {
  if (typeof value !== 'object' || value === null || !('outcome' in value)) return {};
  return typeof value.outcome === 'string' ? { 'watertight.outcome': value.outcome } : {};
}
