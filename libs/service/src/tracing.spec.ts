import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RetryableError } from './errors.ts';
import { createLogger } from './logger.ts';
import { measureStep } from './measure-step.ts';
import { type RecordedSpans, recordSpansInMemory } from './record-spans.ts';
import { serviceMetrics } from './service.metrics.ts';
import { inSpan, parseTraceparent, startSpan, traceparentOf } from './tracing.ts';

function linesOf(work: (log: ReturnType<typeof createLogger>) => void): string[] {
  const lines: string[] = [];
  work(createLogger('tiny', 'info', { destination: { write: (line) => void lines.push(line) } }));
  return lines;
}

describe('a traceparent header', () => {
  it.each([
    '',
    'hello',
    '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331',
    '01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
    '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01',
  ])('is refused as %j', (header) => expect(parseTraceparent(header)).toBeUndefined());

  it('gives the ids and the flags', () => {
    expect(parseTraceparent('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')).toEqual({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: 1,
      isRemote: true,
    });
  });
});

describe('with tracing off', () => {
  it('starts no span, has no header and puts nothing into a log line', async () => {
    expect(startSpan('poll')).toBeUndefined();
    await inSpan('poll', {}, async () => expect(traceparentOf()).toBeUndefined());
    expect(linesOf((log) => log.info({ event: 'x' }, 'y'))[0]).not.toContain('traceId');
  });
});

describe('with tracing on', () => {
  let spans: RecordedSpans;
  beforeAll(async () => {
    spans = await recordSpansInMemory();
  });
  beforeEach(() => spans.on());
  afterEach(() => spans.off());

  it('makes spans within a span its children, and names the trace in log lines', async () => {
    const lines: string[] = [];
    await inSpan('outer', {}, () =>
      inSpan('inner', {}, async () => {
        lines.push(...linesOf((log) => log.warn({ event: 'x' }, 'y')));
      }),
    );
    const [inner, outer] = spans.finished();
    expect(inner?.traceId).toBe(outer?.traceId);
    expect(inner?.parentSpanId).toBeDefined();
    expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({ event: 'x', traceId: outer?.traceId });
  });

  it('says of a failed span what kind of error it was, and not its message', async () => {
    const failing = inSpan('step', {}, () => Promise.reject(new RangeError('anna@example.com')));
    await expect(failing).rejects.toThrow(RangeError);
    expect(spans.finished()[0]?.error).toBe('RangeError');
    expect(JSON.stringify(spans.finished())).not.toContain('anna');
  });
});

describe('a measured step', () => {
  it('is counted by how it ended', async () => {
    serviceMetrics.stepSeconds.reset();
    await measureStep('tiny.a', async () => 1);
    await measureStep('tiny.a', () => Promise.reject(new RetryableError('later'))).catch(() => undefined);
    await measureStep('tiny.a', () => Promise.reject(new Error('bug'))).catch(() => undefined);
    const { values } = await serviceMetrics.stepSeconds.get();
    const counts = values
      .filter(({ metricName }) => metricName?.endsWith('_count'))
      .map(({ labels, value }) => [labels.result, value]);
    expect(counts).toEqual([
      ['ok', 1],
      ['retryable', 1],
      ['failed', 1],
    ]);
  });
});
