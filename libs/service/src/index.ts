export { CRASH_POINTS, type CrashPoint } from './crash-points/crash-point-names.ts';
export { bootstrap, type ServiceConfig, type ServiceDefinition } from './bootstrap.ts';
export { type Clock, systemClock } from './clock.ts';
export { ConfigError, PermanentError, RetryableError } from './errors.ts';
export { exitCodes } from './exit-codes.ts';
export { type HealthCheck, HealthRegistry, type LifecycleState, type Readiness } from './health.ts';
export {
  describeVariables,
  type Environment,
  loadConfig,
  processEnvironment,
  secretsOf,
  type VariableDescription,
} from './load-config.ts';
export { createLogger, type Logger, type LoggerOptions, type LogLevel, logLevels } from './logger.ts';
export { measureStep } from './measure-step.ts';
export { defineMetrics, type MetricDefinition, type MetricMaker } from './metrics.ts';
export { type RecordedSpan, type RecordedSpans, recordSpansInMemory } from './record-spans.ts';
export { type BackoffLimits, backoffMs } from './retry.ts';
export { type SerializedError, serializeError } from './serialize-error.ts';
export { serviceMetricDefinitions } from './service.metrics.ts';
export { CLOCK, LOGGER, type ServiceContext } from './service.module.ts';
export { serviceVariables } from './service-variables.ts';
export { startTracing, type StopTracing, type TracingOptions } from './start-tracing.ts';
export {
  currentTraceId,
  endSpan,
  inSpan,
  isTracing,
  parseTraceparent,
  type SpanOptions,
  startSpan,
  traceparentOf,
  withSpan,
} from './tracing.ts';
export {
  type ConfigOf,
  duration,
  flag,
  integer,
  list,
  oneOf,
  optional,
  type Parsed,
  port,
  secret,
  text,
  url,
  type Variable,
  type VariableOptions,
  type Variables,
} from './variables.ts';
