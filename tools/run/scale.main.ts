// `npm run scale`: what a load would need, by arithmetic from measured figures. Starts nothing.
import { measured } from '../scale/measured.ts';
import { type DayResult, simulateDay } from '../scale/simulate-day.ts';
import { Failure } from '../stack/failure.ts';
import { runCommand } from './command.ts';
import { parseFlags, usageErrorCode } from './flags.ts';

const usage = `usage: npm run scale [-- --marketplaces N] [--orders N] [--peak N] [--lines N]

  --marketplaces N   how many (default 1000)
  --orders N         orders a day over all of them (default 10000000)
  --peak N           the busiest minute over the mean one (default 3)
  --lines N          order lines of an average order (default 2)`;

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Failure(`--${name} ${text}: a number over 0\n\n${usage}`, usageErrorCode);
  return value;
}

function report({
  replicas,
  partitions,
  miraklCallsPerSecond,
  quotaShare,
  backlog,
  database,
}: DayResult): string {
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  return [
    `replicas            mirakl-ingest ${replicas.ingest}, profile-mapper ${replicas.mapper}, klaviyo-writer ${replicas.writer}, leakage-monitor ${replicas.monitor}`,
    `partitions          ${partitions} for each topic`,
    `calls of Mirakl     ${miraklCallsPerSecond.toFixed(1)} a second over all marketplaces`,
    `Klaviyo's quota     ${percent(quotaShare.mean)} on average, ${percent(quotaShare.peak)} in the busiest minute`,
    `waiting at Klaviyo  ${backlog.events} events at worst, the oldest for ${backlog.seconds} s`,
    `database            ${database.gigabytesPerYear.toFixed(0)} GB a year, ${database.rowsWrittenPerSecond.toFixed(0)} rows a second at the peak`,
  ].join('\n');
}

await runCommand(async () => {
  const flags = parseFlags(
    {
      marketplaces: { type: 'string', default: '1000' },
      orders: { type: 'string', default: '10000000' },
      peak: { type: 'string', default: '3' },
      lines: { type: 'string', default: '2' },
    },
    usage,
  );
  const lines = positive('lines', flags.lines);
  const result = simulateDay(
    {
      marketplaces: positive('marketplaces', flags.marketplaces),
      ordersPerDay: positive('orders', flags.orders),
      peakFactor: Math.max(1.01, positive('peak', flags.peak)),
      // Accepted, shipped, received, closed.
      changesPerOrder: 4,
      // Placed and fulfilled, and for one order in eight something comes back or is called off.
      buyerEventsPerOrder: 2.13,
      klaviyoEventsPerOrder: 2.13 + lines,
    },
    measured,
  );
  process.stdout.write(`${report(result)}\n`);
  return 0;
});
