/**
 * One page of a marketplace is captured at a time. The fast loop and a backfill run side by side; what one of them
 * compares with must not change under it, or two contents would share a revision.
 */
export class CaptureTurn {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs the work when all that was given before has ended, well or badly. Rejects as the work does. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
