/**
 * A body as JSON, undefined when it is none. The parser's own message is not kept: it quotes the body, which may be
 * personal data.
 */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
