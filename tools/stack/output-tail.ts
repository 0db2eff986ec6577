/** Remembers the last lines of a process's output, bounded in number and length. */
export class OutputTail {
  private readonly lines: string[] = [];
  private partial = '';

  private readonly maxLines: number;
  private readonly maxLineLength: number;

  constructor(maxLines = 40, maxLineLength = 2_000) {
    this.maxLines = maxLines;
    this.maxLineLength = maxLineLength;
  }

  add(text: string): void {
    const parts = (this.partial + text).split('\n');
    this.partial = (parts.pop() ?? '').slice(0, this.maxLineLength);
    for (const line of parts) this.lines.push(line.slice(0, this.maxLineLength));
    this.lines.splice(0, Math.max(0, this.lines.length - this.maxLines));
  }

  clear(): void {
    this.lines.length = 0;
    this.partial = '';
  }

  toString(): string {
    return [...this.lines, this.partial].filter((line) => line.trim() !== '').join('\n');
  }
}
