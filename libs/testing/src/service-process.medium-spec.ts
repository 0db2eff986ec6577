// real: [node process], double: []
import { describe, expect, it } from '@jest/globals';

import { startProcess } from './service-process.ts';
import { waitUntil } from './wait-until.ts';

describe('startProcess', () => {
  it('collects what the program writes and how it ends', async () => {
    const program = 'console.log("out " + process.env.WORD); console.error("err"); process.exit(3)';
    const started = startProcess(['-e', program], { WORD: 'hello' });
    expect(await started.exited).toEqual({ code: 3, signal: null });
    expect(started.stdout).toEqual(['out hello']);
    expect(started.stderr).toEqual(['err']);
  });

  it('kills a program that does not end when asked', async () => {
    const program = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")';
    const started = startProcess(['-e', program], {});
    await waitUntil('the program to run', () => started.stdout.includes('up'));
    expect(await started.stop(50)).toEqual({ code: null, signal: 'SIGKILL' });
  });
});
