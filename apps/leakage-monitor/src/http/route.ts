import type { TSchema } from 'typebox';

export const ROLES = ['viewer', 'operator', 'admin'] as const;
/** What a person may do; each may also do what those before it may. */
export type Role = (typeof ROLES)[number];

/** One call of the API: the document and the access check are both made from this. */
export interface ApiRoute {
  /** `operationId` of the document: unique, a verb and a noun. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`, parameters in braces: `/orders/{orderKey}`. */
  readonly path: string;
  readonly summary: string;
  /** The least role that may call it; `anyone` only for what is needed to sign in. */
  readonly role: Role | 'anyone';
  /** An object schema: one property per parameter of the query. */
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** Null for an answer without content. */
  readonly answer: TSchema | null;
  /** 200, or 204 for an answer without content, when left out. */
  readonly status?: number;
  /** `application/json` when left out. */
  readonly answerType?: string;
  /** What it may answer besides, by status. 400, 401, 403 and 503 are on every call. */
  readonly refusals?: Readonly<Record<number, string>>;
}

export function mayCall(role: Role, wanted: ApiRoute['role']): boolean {
  return wanted === 'anyone' || ROLES.indexOf(role) >= ROLES.indexOf(wanted);
}
