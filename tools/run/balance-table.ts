import type { Amounts, Balance } from './balance.ts';

const bucketNames: readonly [string, string][] = [
  ['verified', 'verified at Klaviyo'],
  ['in_flight', 'in flight'],
  ['uncaptured_contact', 'uncaptured contact'],
  ['withheld', 'withheld by policy'],
  ['failed', 'failed'],
  ['erased', 'erased'],
  ['not_a_sale', 'not a sale'],
];

const labelWidth = 30;
const ordersWidth = 8;
const moneyWidth = 16;

/** "1234567.80" as "1,234,567.80": for reading only. */
function grouped(amount: string): string {
  return amount.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');
}

function row(label: string, { orders, money }: Amounts, currencies: readonly string[]): string {
  const amounts = currencies.map((currency) => grouped(money[currency] ?? '0').padStart(moneyWidth));
  return label.padEnd(labelWidth) + String(orders).padStart(ordersWidth) + amounts.join('');
}

/** The balance for people: the seven buckets, their sum, what Mirakl counts, and the difference. */
export function balanceTable(balance: Balance): string {
  const currencies = Object.keys(balance.captured.money).sort();
  const heads = currencies.map((currency) => currency.padStart(moneyWidth));
  const line = '─'.repeat(labelWidth + ordersWidth + moneyWidth * currencies.length);
  const empty: Amounts = { orders: 0, money: {} };
  return [
    `${'Where the orders are'.padEnd(labelWidth)}${'orders'.padStart(ordersWidth)}${heads.join('')}`,
    line,
    ...bucketNames.map(([name, label]) => row(label, balance.buckets[name] ?? empty, currencies)),
    line,
    row('sum of the seven', balance.captured, currencies),
    row('what Mirakl counts', balance.source, currencies),
    row('difference', balance.difference, currencies),
  ].join('\n');
}

/** One line for each reason why orders are not verified: how many, why, whose job it is, and how much money. */
export function leakLines(balance: Balance): string[] {
  return balance.leaking.map(({ orders, meaning, owner, money }) => {
    const amounts = Object.entries(money).map(([currency, amount]) => `${grouped(amount)} ${currency}`);
    return `${String(orders).padStart(6)}  ${meaning} (${owner})${amounts.length === 0 ? '' : `: ${amounts.join(', ')}`}`;
  });
}
