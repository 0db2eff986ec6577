import type { SourceReturn } from '../../returns/source-return.ts';
import { readList, readObject, readText } from '../lenient-readers.ts';
import { normaliseReturn } from '../seller/normalise-return.ts';

/** Connect's statuses of a return in the words of the seller API. */
const STATES: Readonly<Record<string, string>> = {
  REQUEST_INITIATED: 'WAITING_ACCEPTANCE',
  REQUEST_DECLINED: 'REFUSED',
  OPENED: 'IN_PROGRESS',
};

/** A return of `GET /v2/orders/returns` as the seller API would list it. */
export function normaliseConnectReturn(raw: unknown, readAt: Date): SourceReturn {
  const entry = readObject(raw);
  const lines = readList(entry['return_lines']).map(readObject);
  const status = readText(entry['status'], 100);
  return normaliseReturn(
    {
      id: entry['id'],
      order_id: entry['order_id'],
      state: status === null ? null : (STATES[status] ?? status),
      date_created: entry['created_at'],
      last_updated: entry['updated_at'],
      reason_code: lines[0]?.['reason'],
      return_lines: lines,
    },
    readAt,
  );
}
