import { setTracing } from './tracing.ts';
import { optional, text, url } from './variables.ts';

/** Where traces go, in the names that OpenTelemetry gives these settings. */
export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(
    url({
      describe: 'Collector that gets the traces by OTLP over HTTP; tracing is off when left out.',
      example: 'http://otel-collector:4318',
      schemes: ['https', 'http'],
    }),
  ),
  OTEL_TRACES_SAMPLER_ARG: text({
    describe:
      'Part of the orders whose way is traced, from 0 to 1; an order is traced everywhere or nowhere.',
    example: '0.1',
    default: '1',
    pattern: /^(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?)$/,
  }),
};

export interface TracingOptions {
  readonly service: string;
  /** Base address of the collector; `/v1/traces` is added. */
  readonly endpoint: string | undefined;
  /** 0 to 1. */
  readonly ratio: number;
}

/** Sends what is left and ends. Never rejects: a collector that is away must not hold up the service's end. */
export type StopTracing = () => Promise<void>;

const EXPORT_TIMEOUT_MS = 5_000;
/** Spans beyond this are dropped while the collector does not keep up: memory matters more than a trace. */
const QUEUE_MAX = 4_096;

/** Turns tracing on when there is an endpoint; the SDK is loaded only then. */
export async function startTracing({ service, endpoint, ratio }: TracingOptions): Promise<StopTracing> {
  if (endpoint === undefined) return async () => undefined;
  const [api, sdk, { AsyncLocalStorageContextManager }, { resourceFromAttributes }, { OTLPTraceExporter }] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/exporter-trace-otlp-http'),
    ]);
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'watertight' }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter, maxQueueSize: QUEUE_MAX })],
  });
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  api.trace.setGlobalTracerProvider(provider);
  setTracing(true);
  return async () => {
    setTracing(false);
    await provider.shutdown().catch(() => undefined);
  };
}
