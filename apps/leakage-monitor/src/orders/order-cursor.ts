import { badRequest } from '../http/api-error.ts';

/** The place after the last order of a page. */
export interface OrderCursor {
  readonly createdAt: string;
  readonly orderKey: string;
}

export function writeCursor({ createdAt, orderKey }: OrderCursor): string {
  return Buffer.from(JSON.stringify([createdAt, orderKey])).toString('base64url');
}

/** Throws ApiError (400) for anything that `writeCursor` did not write. */
export function readCursor(text: string): OrderCursor {
  const parsed = parse(Buffer.from(text, 'base64url').toString('utf8'));
  if (Array.isArray(parsed) && parsed.length === 2) {
    const [createdAt, orderKey]: unknown[] = parsed;
    if (
      typeof createdAt === 'string' &&
      typeof orderKey === 'string' &&
      !Number.isNaN(Date.parse(createdAt))
    ) {
      return { createdAt, orderKey };
    }
  }
  throw badRequest('cursor is not one that this list has given; begin again without it');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
