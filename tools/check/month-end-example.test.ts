import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { format, resolveConfig } from 'prettier';
import { exampleFigures, exampleMonths, exampleTables } from './month-end-example.ts';

const page = join(import.meta.dirname, '../../docs/handover/month-end.md');

test('the figures of the worked example are those one gets by hand', () => {
  const byHand: Record<string, readonly number[]> = {
    '1001': [12_000, 0, 0, 12_000],
    '1002': [8_000, 3_000, 0, 5_000],
    '1003': [6_000, 0, 1_500, 4_500],
    '1004': [0, 0, 0, 0],
    '1005': [4_000, 4_000, 0, 0],
    '2001': [10_400, 0, 0, 10_400],
  };
  for (const order of exampleFigures()) {
    const { sales, cancelations, refunds, net } = order;
    const minor = [sales, cancelations, refunds, net].map((amount) => amount.minor);
    assert.deepEqual([order.orderId, minor], [order.orderId, byHand[order.orderId]]);
    assert.equal(order.isSale, order.bucket !== 'not_a_sale');
  }
});

test('the rows of the month add up: net less delivered is what each reason explains', () => {
  for (const row of exampleMonths(exampleFigures())) {
    const cents = (text: string): number => Math.round(Number(text) * 100);
    assert.equal(cents(row.sales) - cents(row.cancelations) - cents(row.refunds), cents(row.net));
    const explained = row.notDelivered.reduce((sum, { net }) => sum + cents(net), 0);
    assert.deepEqual([row.currency, cents(row.net) - cents(row.delivered)], [row.currency, explained]);
  }
});

test('the page for finance shows exactly what the code computes', async () => {
  const text = readFileSync(page, 'utf8');
  const options = { ...(await resolveConfig(page)), parser: 'markdown' };
  for (const [name, table] of Object.entries(exampleTables())) {
    const [, rest = ''] = text.split(`<!-- example:${name} -->`);
    const [shown = ''] = rest.split('<!-- example:end -->');
    assert.equal(shown.trim(), (await format(table, options)).trim(), `the table "${name}" of ${page}`);
  }
});
