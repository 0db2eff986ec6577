import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../http/api-error.ts';
import { readCursor, writeCursor } from './order-cursor.ts';

describe('the cursor of a list of orders', () => {
  it('comes back as it was written, whatever the order is called', () => {
    const cursor = { createdAt: '2026-03-01T10:15:00.000Z', orderKey: 'm:"A"/1,é' };
    expect(readCursor(writeCursor(cursor))).toEqual(cursor);
  });

  it.each([
    '',
    'nonsense',
    Buffer.from('[1,2]').toString('base64url'),
    Buffer.from('["x","y"]').toString('base64url'),
  ])('refuses what it has not written: %s', (text) => {
    expect(() => readCursor(text)).toThrow(ApiError);
  });
});
