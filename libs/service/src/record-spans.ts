import { context, trace } from '@opentelemetry/api';
import { setTracing } from './tracing.ts';

export interface RecordedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly parentSpanId: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The error's name, of a span that failed. */
  readonly error: string | undefined;
}

export interface RecordedSpans {
  on(): void;
  /** Off, and all that was recorded forgotten. */
  off(): void;
  finished(): readonly RecordedSpan[];
}

/** Spans kept in memory instead of sent, for tests. Once per process: OpenTelemetry's provider is global. */
export async function recordSpansInMemory(): Promise<RecordedSpans> {
  // Loaded when asked for: a service that does not trace does not pay for the SDK.
  const [{ AsyncLocalStorageContextManager }, sdk] = await Promise.all([
    import('@opentelemetry/context-async-hooks'),
    import('@opentelemetry/sdk-trace'),
  ]);
  const { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } = sdk;
  const exporter = new InMemorySpanExporter();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
  );
  return {
    on: () => setTracing(true),
    off: () => {
      setTracing(false);
      exporter.reset();
    },
    finished: () =>
      exporter.getFinishedSpans().map((span) => ({
        name: span.name,
        traceId: span.spanContext().traceId,
        parentSpanId: span.parentSpanContext?.spanId,
        attributes: span.attributes,
        error: span.status.message,
      })),
  };
}
