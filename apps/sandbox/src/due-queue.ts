/** Things to do at a time, earliest first; equal times in the order they were added. A binary heap. */
export class DueQueue<T> {
  private readonly heap: { readonly dueMs: number; readonly turn: number; readonly item: T }[] = [];
  private turn = 0;

  get length(): number {
    return this.heap.length;
  }

  add(dueMs: number, item: T): void {
    this.turn += 1;
    const entry = { dueMs, turn: this.turn, item };
    let index = this.heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.isBefore(index, parent)) break;
      this.swap(index, parent);
      index = parent;
    }
  }

  /** Takes the earliest item out if it is due, with the time it was due at. */
  takeDue(nowMs: number): { readonly dueMs: number; readonly item: T } | undefined {
    const first = this.heap[0];
    if (!first || first.dueMs > nowMs) return undefined;
    const last = this.heap.pop();
    if (last && last !== first) {
      this.heap[0] = last;
      this.sink();
    }
    return first;
  }

  clear(): void {
    this.heap.length = 0;
  }

  private sink(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= this.heap.length) return;
      const right = left + 1;
      const child = right < this.heap.length && this.isBefore(right, left) ? right : left;
      if (!this.isBefore(child, index)) return;
      this.swap(child, index);
      index = child;
    }
  }

  private isBefore(left: number, right: number): boolean {
    const one = this.heap[left];
    const other = this.heap[right];
    if (!one || !other) return false;
    return one.dueMs === other.dueMs ? one.turn < other.turn : one.dueMs < other.dueMs;
  }

  private swap(left: number, right: number): void {
    const one = this.heap[left];
    const other = this.heap[right];
    if (!one || !other) return;
    this.heap[left] = other;
    this.heap[right] = one;
  }
}
