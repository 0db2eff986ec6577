import { badRequest } from './api-error.ts';

/** The place after a row in a list by time, then id. */
export interface TimePlace {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly id: string;
}

export function writePlace({ at, id }: TimePlace): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url');
}

/** Throws ApiError (400) for anything that `writePlace` did not write. */
export function readPlace(text: string): TimePlace {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    const [at, id]: unknown[] = Array.isArray(parsed) ? parsed : [];
    if (typeof at === 'string' && typeof id === 'string' && !Number.isNaN(Date.parse(at))) return { at, id };
  } catch {
    // Answered below.
  }
  throw badRequest('cursor is not one that this list has given; begin again without it');
}
