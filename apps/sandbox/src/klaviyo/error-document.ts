import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../http/json.ts';
import type { KlaviyoProblem } from './klaviyo-errors.ts';

/** `{errors: […]}` with an entry per problem. */
export function errorDocument(status: number, problems: readonly KlaviyoProblem[]): JsonObject {
  return {
    errors: problems.map(({ code, title, detail, source, meta }) => ({
      id: randomUUID(),
      status,
      code,
      title,
      detail,
      source: { ...source },
      links: {},
      meta: { ...meta },
    })),
  };
}
