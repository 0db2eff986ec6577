import { describe, expect, it } from '@jest/globals';
import { createLogger, RetryableError } from '@watertight/service';
import { MiraklError } from '../mirakl/mirakl-errors.ts';
import { SlowSteps } from './slow-steps.ts';

const none = new AbortController().signal;

function stepsOf(run: () => Promise<void>) {
  const log: string[] = [];
  let others = 0;
  const logger = createLogger('spec', 'info', { destination: { write: (line) => void log.push(line) } });
  const other = { name: 'other', run: async () => void (others += 1) };
  return {
    steps: new SlowSteps('maison-fr', [{ name: 'returns', run }, other], logger),
    log,
    others: () => others,
  };
}

describe('SlowSteps', () => {
  it('says once that a step fails and once that it works again, and runs the others meanwhile', async () => {
    let isDown = true;
    const { steps, log, others } = stepsOf(async () => {
      if (isDown) throw new MiraklError('unavailable', 'maison-fr: HTTP 500');
    });
    await steps.run(none);
    await steps.run(none);
    isDown = false;
    await steps.run(none);
    await steps.run(none);
    expect(others()).toBe(4);
    expect(log.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
      'slow_step_failed',
      'slow_step_works_again',
    ]);
  });

  it.each([new RetryableError('the database is away'), new TypeError('a bug')])(
    'throws %p on',
    async (error) => {
      const { steps } = stepsOf(async () => {
        throw error;
      });
      await expect(steps.run(none)).rejects.toBe(error);
    },
  );
});
