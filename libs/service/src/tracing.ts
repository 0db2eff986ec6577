import {
  type Attributes,
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/**
 * Traces by OpenTelemetry's API. While no provider is registered (no endpoint is configured) `isTracing()` is false
 * and nothing here costs more than that question. The W3C header is read and written here: it is one line of text,
 * and goes through Kafka headers, not HTTP. Source: https://www.w3.org/TR/trace-context/
 */
let isOn = false;

export function isTracing(): boolean {
  return isOn;
}

/** Called once spans have somewhere to go, and again when they no longer have. */
export function setTracing(on: boolean): void {
  isOn = on;
}

export interface SpanOptions {
  /** Header of the message that this follows from; without it the current span, if any, is the parent. */
  readonly traceparent?: string;
  /** Begins a trace of its own whatever is current. */
  readonly root?: boolean;
  readonly kind?: 'internal' | 'producer' | 'consumer' | 'client';
  /** Keys and names only; never personal data. */
  readonly attributes?: Attributes;
  /** Headers of other messages that this has to do with. */
  readonly links?: readonly string[];
}

const kinds = {
  internal: SpanKind.INTERNAL,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  client: SpanKind.CLIENT,
} as const;

/** More links than this say no more. */
const LINKS_MAX = 64;
const headerShape = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** A span that was started and must be ended; undefined while tracing is off. */
export function startSpan(name: string, options: SpanOptions = {}): Span | undefined {
  if (!isOn) return undefined;
  const { kind = 'internal', attributes = {}, links = [] } = options;
  const linked = links.slice(0, LINKS_MAX).flatMap((header) => {
    const spanContext = parseTraceparent(header);
    return spanContext === undefined ? [] : [{ context: spanContext }];
  });
  return trace
    .getTracer('watertight')
    .startSpan(name, { kind: kinds[kind], attributes, links: linked }, parentOf(options));
}

function parentOf({ traceparent, root = false }: SpanOptions): Context {
  if (root) return ROOT_CONTEXT;
  const remote = traceparent === undefined ? undefined : parseTraceparent(traceparent);
  return remote === undefined ? context.active() : trace.setSpanContext(ROOT_CONTEXT, remote);
}

/** Ends a span; with an error it says so, by the error's name alone: a message may quote what it is about. */
export function endSpan(span: Span | undefined, error?: unknown): void {
  if (span === undefined) return;
  if (error !== undefined) {
    const message = error instanceof Error ? error.name : 'error';
    span.setStatus({ code: SpanStatusCode.ERROR, message });
  }
  span.end();
}

/** Runs `work` with the span as the current one. */
export function withSpan<T>(span: Span | undefined, work: () => Promise<T>): Promise<T> {
  return span === undefined ? work() : context.with(trace.setSpan(context.active(), span), work);
}

/** Runs `work` as a span of its own, current while it runs. */
export async function inSpan<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  const span = startSpan(name, options);
  if (span === undefined) return work();
  try {
    const value = await withSpan(span, work);
    endSpan(span);
    return value;
  } catch (error) {
    endSpan(span, error);
    throw error;
  }
}

/** The W3C header of a span; of the current one when none is given; undefined when there is none. */
export function traceparentOf(span: Span | undefined = trace.getActiveSpan()): string | undefined {
  if (!isOn || span === undefined) return undefined;
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** The trace id of the current span, for log lines. */
export function currentTraceId(): string | undefined {
  return isOn ? trace.getActiveSpan()?.spanContext().traceId : undefined;
}

/** Undefined for what is not a header of version 00, and for the all-zero ids that the standard calls invalid. */
export function parseTraceparent(header: string): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] = headerShape.exec(header) ?? [];
  if (!/[1-9a-f]/.test(traceId) || !/[1-9a-f]/.test(spanId)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}
