import type { BenchService, Figure } from './bench-context.ts';

/** Resident memory of services, sampled while they work. */
export class MemoryWatch {
  readonly #services: readonly BenchService[];
  readonly #samples: number[] = [];

  constructor(services: readonly BenchService[]) {
    this.#services = services;
  }

  /** Of several services the largest. */
  async sample(): Promise<void> {
    this.#samples.push(
      Math.max(...(await Promise.all(this.#services.map((service) => service.residentMb())))),
    );
  }

  figures(what: string): readonly Figure[] {
    const third = Math.floor(this.#samples.length / 3);
    const mean = (some: readonly number[]): number => some.reduce((sum, one) => sum + one, 0) / some.length;
    const growth = mean(this.#samples.slice(-third)) - mean(this.#samples.slice(third, 2 * third));
    return [
      {
        name: `${what}, memory at most`,
        value: Math.max(...this.#samples),
        unit: 'MB',
        floor: 300,
        aim: 200,
        better: 'less',
      },
      {
        name: `${what}, memory, last third over the second`,
        value: growth,
        unit: 'MB',
        floor: 25,
        better: 'less',
      },
    ];
  }
}
