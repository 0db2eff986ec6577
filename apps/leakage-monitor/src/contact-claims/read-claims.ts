import { parse } from 'csv-parse/sync';
import { badRequest } from '../http/api-error.ts';
import { CLAIMS_MAX, type ClaimsRequest } from './contact-claims.api.ts';

/** One claim as it was given: for which order, which address, where from. */
export interface GivenClaim {
  readonly line: number;
  readonly order: string;
  readonly email: string;
  readonly source: string;
}

const ORDER_COLUMNS = ['order', 'order_key', 'order_number', 'order_id', 'commercial_id', 'order number'];
const EMAIL_COLUMNS = ['email', 'e-mail', 'email_address', 'address'];

/**
 * The claims of a request, from its list or its table. Pure. Throws ApiError (400) when there are both or neither, or
 * when the table cannot be read; a message never repeats what stands in a cell.
 */
export function readClaims({ claims, csv, source }: ClaimsRequest): GivenClaim[] {
  if ((claims === undefined) === (csv === undefined)) throw badRequest('Give either claims or csv');
  if (claims !== undefined) {
    return claims.map(({ order, email, source: own }, index) => ({
      line: index + 1,
      order: order.trim(),
      email,
      source: own ?? source,
    }));
  }
  return rowsOf(csv ?? '').map((row, index) => ({
    line: index + 1,
    order: (cellOf(row, ORDER_COLUMNS) ?? '').trim(),
    email: cellOf(row, EMAIL_COLUMNS) ?? '',
    source: cellOf(row, ['source'])?.trim() || source,
  }));
}

function rowsOf(csv: string): Readonly<Record<string, string>>[] {
  const rows: Record<string, string>[] = [];
  let columns: string[] = [];
  try {
    const parsed: unknown = parse(csv, {
      bom: true,
      delimiter: [',', ';', '\t'],
      skip_empty_lines: true,
      relax_column_count: true,
      trim: true,
      to_line: CLAIMS_MAX + 2,
    });
    const table = Array.isArray(parsed) ? parsed : [];
    const [heading, ...lines] = table.filter(Array.isArray).map((line: unknown[]) => line.map(String));
    columns = (heading ?? []).map((name) => name.trim().toLowerCase());
    for (const line of lines) {
      rows.push(Object.fromEntries(columns.map((name, index) => [name, line[index] ?? ''])));
    }
  } catch (error) {
    // The library's message may quote the cell, which may hold an address.
    const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    throw badRequest(`csv cannot be read as a table${typeof code === 'string' ? ` (${code})` : ''}`);
  }
  for (const [what, names] of [
    ['order', ORDER_COLUMNS],
    ['email', EMAIL_COLUMNS],
  ] as const) {
    if (!names.some((name) => columns.includes(name))) {
      throw badRequest(`csv has no column for the ${what}: its heading must have one of ${names.join(', ')}`);
    }
  }
  if (rows.length > CLAIMS_MAX) throw badRequest(`csv has more than ${CLAIMS_MAX} lines; send it in parts`);
  return rows;
}

function cellOf(row: Readonly<Record<string, string>>, names: readonly string[]): string | undefined {
  return names.map((name) => row[name]).find((cell) => cell !== undefined);
}
