import { isNode, LineCounter, parseDocument, visit } from 'yaml';

export interface YamlText {
  readonly value: unknown;
  /** Line (from 1) of the value at a JSON pointer, or of its nearest parent that is there. */
  lineOf(pointer: string): number;
}

export interface YamlProblem {
  readonly line: number;
  readonly message: string;
}

export interface ReadYamlOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Scalars under these keys may name a variable that is not set: the value is then dropped. */
  readonly optionalSecrets: ReadonlySet<string>;
}

/**
 * Parses YAML and puts the environment's values where `${NAME}` stands. Every problem is returned with its line; none
 * shows a value, since a value may be a secret.
 */
export function readYaml(
  text: string,
  options: ReadYamlOptions,
): { yaml: YamlText; problems: YamlProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, strict: true });
  const problems: YamlProblem[] = document.errors.map((error) => ({
    line: lines.linePos(error.pos[0]).line,
    message: firstSentence(error.message),
  }));

  visit(document, {
    Pair(_key, pair) {
      const value = pair.value;
      if (!isNode(value) || !('value' in value) || typeof value.value !== 'string') return undefined;
      const missing: string[] = [];
      const replaced = value.value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_match, name: string) => {
        const found = options.env[name];
        if (found === undefined || found === '') missing.push(name);
        return found ?? '';
      });
      if (missing.length === 0) {
        value.value = replaced;
        return undefined;
      }
      const key = isNode(pair.key) ? String(pair.key) : '';
      if (options.optionalSecrets.has(key)) return visit.REMOVE;
      const line = value.range ? lines.linePos(value.range[0]).line : 1;
      for (const name of missing) {
        problems.push({ line, message: `the environment variable ${name} is not set` });
      }
      return undefined;
    },
  });

  const lineOf = (pointer: string): number => {
    const path = pointer.split('/').slice(1).map(unescapePointer);
    for (let length = path.length; length >= 0; length -= 1) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  return { yaml: { value: document.errors.length === 0 ? document.toJS() : undefined, lineOf }, problems };
}

function unescapePointer(part: string): string | number {
  const text = part.replaceAll('~1', '/').replaceAll('~0', '~');
  return /^\d+$/.test(text) ? Number(text) : text;
}

function firstSentence(message: string): string {
  return message.split('\n')[0]?.replace(/ at line \d+.*$/, '') ?? message;
}
