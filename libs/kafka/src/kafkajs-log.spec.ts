import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@watertight/service';
import kafkajs, { type LoggerEntryContent } from 'kafkajs';
import { kafkajsLog } from './kafkajs-log.ts';

function said(level: number, log: Omit<LoggerEntryContent, 'timestamp' | 'message'> & { message: string }) {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const write = kafkajsLog(createLogger('spec', 'debug', { destination }))(kafkajs.logLevel.WARN);
  write({ level, label: '', namespace: 'Connection', log: { timestamp: '', ...log } });
  return lines[0];
}

describe('kafkajsLog', () => {
  it('writes an error of kafkajs as a warning, with its place', () => {
    const fields = { broker: '127.0.0.1:9092', topic: 't', partition: 0, error: 'connect ECONNREFUSED' };
    expect(said(kafkajs.logLevel.ERROR, { message: 'Connection error', ...fields })).toMatchObject({
      level: 'warn',
      msg: 'kafkajs Connection: Connection error',
      broker: '127.0.0.1:9092',
      topic: 't',
      partition: 0,
      reason: 'connect ECONNREFUSED',
    });
  });

  it('copies neither error objects nor fields that it does not know', () => {
    const line = said(kafkajs.logLevel.ERROR, {
      message: 'x',
      error: new Error('inside'),
      key: 'k',
      payload: 'p',
    });
    expect(JSON.stringify(line)).not.toMatch(/inside|"k"|"p"/);
  });

  it('says the same once a minute, however often kafkajs does', () => {
    const lines: unknown[] = [];
    let now = 0;
    const logger = createLogger('spec', 'info', {
      destination: { write: (line: string) => void lines.push(line) },
    });
    const write = kafkajsLog(logger, () => now)(kafkajs.logLevel.WARN);
    const entry = { level: kafkajs.logLevel.ERROR, label: '', namespace: 'Connection' };
    for (; now < 120_000; now += 200)
      write({ ...entry, log: { timestamp: '', message: 'Connection error' } });
    expect(lines).toHaveLength(2);
  });

  it.each([
    ['The group is rebalancing, re-joining', undefined],
    ['Response Heartbeat(key: 12, version: 3)', 'The group is rebalancing, so a rejoin is needed'],
    ['Limiting retries for the idempotent producer may invalidate EoS guarantees', undefined],
  ])('does not trouble a person with normal operation: %s', (message, error) => {
    const level = kafkajs.logLevel.ERROR;
    expect(said(level, error === undefined ? { message } : { message, error })).toMatchObject({
      level: 'debug',
    });
  });
});
