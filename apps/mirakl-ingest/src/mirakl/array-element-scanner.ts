/**
 * Finds the elements of one array in a JSON document, `{"<member>": [ … ]}`, and hands out their exact text. It is fed
 * piece by piece, so that a document of any size needs only the memory of its largest element. It does not check the
 * document: whoever parses the elements, or parsed the whole before, does.
 */
export class ArrayElementScanner {
  /** The closing brackets that are still to come. */
  readonly #open: string[] = [];
  #inString = false;
  #escaped = false;
  /** The newest text directly in the outermost object: a member's name when a colon follows. */
  #text = '';
  #member = '';
  /** What earlier pieces held of the element under way; null between elements. */
  #begun: string | null = null;
  #complete = false;

  constructor(private readonly member: string) {}

  /** True once the outermost object has been closed: nothing is missing at the end. */
  get isComplete(): boolean {
    return this.#complete;
  }

  /** The texts of the elements that this piece completes. */
  feed(piece: string): string[] {
    const elements: string[] = [];
    let from = this.#begun === null ? -1 : 0;
    const end = (at: number) => {
      elements.push(((this.#begun ?? '') + piece.slice(from, at)).trimEnd());
      this.#begun = null;
      from = -1;
    };
    for (let index = this.#telling(piece, 0); index < piece.length; index = this.#telling(piece, index + 1)) {
      const character = piece.charAt(index);
      if (this.#inString) {
        this.#takeInString(character);
        continue;
      }
      const isEnd = character === ',' || character === ']' || character === '}';
      if (this.#isBetweenElements()) {
        // A number, a text or a word ends where the comma or the bracket stands.
        if (isEnd && from !== -1) end(index);
        else if (!isEnd && from === -1 && character.trim() !== '') from = index;
      }
      this.#take(character);
      if (isEnd && character !== ',' && from !== -1 && this.#isBetweenElements()) end(index + 1);
    }
    if (from !== -1) this.#begun = (this.#begun ?? '') + piece.slice(from);
    return elements;
  }

  /**
   * The place, from `index` on, of the next character that may change anything. Nearly all of a document is text and
   * numbers inside elements, which are passed over in one go.
   */
  #telling(piece: string, index: number): number {
    const isInElement = this.#open.length > 2;
    return isInElement && !this.#inString ? nextBracket(piece, index) : index;
  }

  #take(character: string): void {
    if (character === '"') {
      this.#inString = true;
      this.#text = '';
    } else if (character === '{') this.#open.push('}');
    else if (character === '[') this.#open.push(']');
    else if (character === this.#open.at(-1)) {
      this.#open.pop();
      if (this.#open.length === 0) this.#complete = true;
    } else if (character === ':' && this.#open.length === 1) this.#member = this.#text;
  }

  #takeInString(character: string): void {
    if (this.#escaped) this.#escaped = false;
    else if (character === '\\') this.#escaped = true;
    else if (character === '"') this.#inString = false;
    if (this.#inString && this.#open.length === 1) this.#text += character;
  }

  /** Directly inside the array, not inside one of its elements' own brackets. */
  #isBetweenElements(): boolean {
    return this.#open.length === 2 && this.#open[1] === ']' && this.#member === this.member;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The next bracket outside of texts; a text that the piece does not end is left to be read as it comes. */
function nextBracket(piece: string, from: number): number {
  for (let at = from; at < piece.length; at += 1) {
    const code = piece.charCodeAt(at);
    if (code === 0x7b || code === 0x7d || code === 0x5b || code === 0x5d) return at;
    if (code !== QUOTE) continue;
    const end = endOfText(piece, at + 1);
    if (end === -1) return at;
    at = end;
  }
  return piece.length;
}

/** The quote that ends a text; -1 where it goes on in the next piece. */
function endOfText(piece: string, from: number): number {
  for (let at = from; at < piece.length; at += 1) {
    const code = piece.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at += 1;
  }
  return -1;
}
