/** The key that makes buyer ids of addresses; a class of its own so that it is injected by type and logged by nobody. */
export class BuyerKey {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  get value(): string {
    return this.#value;
  }
}
