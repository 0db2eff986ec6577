import { describe, expect, it } from '@jest/globals';
import { CaptureTurn } from './capture-turn.ts';

describe('CaptureTurn', () => {
  it('lets no work begin before the one before it has ended, even badly', async () => {
    const turn = new CaptureTurn();
    const said: string[] = [];
    const work = (name: string, fails = false) =>
      turn.run(async () => {
        said.push(`${name} begins`);
        await Promise.resolve();
        said.push(`${name} ends`);
        if (fails) throw new Error(name);
      });
    await Promise.allSettled([work('first', true), work('second')]);
    expect(said).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('hands on what the work says and how it fails', async () => {
    const turn = new CaptureTurn();
    await expect(turn.run(async () => 7)).resolves.toBe(7);
    await expect(turn.run(async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
