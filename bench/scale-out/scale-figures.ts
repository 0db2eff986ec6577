import { countDelivery, type GroupLook, longestPause, ratePerS } from '../../tools/chaos/judge-scaling.ts';
import { checkLaw, type Evidence } from '../../tools/chaos/check-law.ts';
import { expectedEvents } from '../../tools/chaos/expected-events.ts';
import type { Figure } from '../bench-context.ts';
import { BENCH_MARKETPLACE } from '../buyer-events.ts';

/** A member that dies is missed after 10 s; nobody may stand still for much longer than that. */
const PAUSE_S_MAX = 15;
const PAUSE_S_AIM = 5;

/** A change of one group and the time until the next. */
export interface Span {
  /** `before`, or such as `mapper 1 to 3`. */
  readonly name: string;
  readonly group: 'mapper' | 'writer' | null;
  readonly replicas: { readonly mapper: number; readonly writer: number };
  /** Begin of the change, the moment from which every partition had a reader again, end of the span. */
  readonly fromMs: number;
  readonly sharedOutMs: number;
  readonly toMs: number;
}

type Looks = Readonly<Record<'mapper' | 'writer', readonly GroupLook[]>>;

const groups = ['mapper', 'writer'] as const;
const seconds = (ms: number): number => ms / 1_000;

/** For each change how long its group stood still, beside how long it does without any; and the pace of every span. */
export function scaleFigures(spans: readonly Span[], looks: Looks): readonly Figure[] {
  const pauses = spans.flatMap(({ name, group, fromMs, toMs }): Figure[] =>
    (group === null ? groups : [group]).map((one) => ({
      name: `${name}, longest pause of the ${one}${group === null ? '' : 's'}`,
      value: seconds(longestPause(looks[one], fromMs, toMs)),
      unit: 's',
      better: 'less',
      ...(group === null ? {} : { floor: PAUSE_S_MAX, aim: PAUSE_S_AIM }),
    })),
  );
  const shares = spans
    .filter(({ group }) => group !== null)
    .map(({ name, fromMs, sharedOutMs }): Figure => ({
      name: `${name}, until all partitions are shared out`,
      value: seconds(sharedOutMs - fromMs),
      unit: 's',
      better: 'less',
    }));
  const rates = spans.map(({ name, replicas, fromMs, toMs }): Figure => ({
    name: `${name} (${replicas.mapper} + ${replicas.writer} replicas), Klaviyo events`,
    value: ratePerS(looks.writer, fromMs, toMs),
    unit: 'events/s',
  }));
  const most = groups.map((group): Figure => ({
    name: `waiting before the ${group}s at most`,
    value: Math.max(0, ...looks[group].map(({ waiting }) => waiting)),
    unit: 'records',
    better: 'less',
  }));
  return [...pauses, ...shares, ...rates, ...most];
}

/** What must hold at the end, and the sentences about what does not. */
export function lawFigures(evidence: Evidence): {
  readonly figures: readonly Figure[];
  readonly violations: readonly string[];
} {
  const violations = checkLaw(evidence);
  const orders = evidence.ordersAtMirakl.get(BENCH_MARKETPLACE) ?? [];
  const { required } = expectedEvents(BENCH_MARKETPLACE, orders);
  const { lost, doubled, unexpected } = countDelivery(required, evidence.eventsAtKlaviyo);
  const none = { unit: '', floor: 0, better: 'less' } as const;
  const figures: Figure[] = [
    { name: 'orders', value: orders.length, unit: '' },
    { name: 'events expected at Klaviyo', value: required.size, unit: '' },
    { name: 'events lost', value: lost, ...none },
    { name: 'events doubled', value: doubled, ...none },
    { name: 'events that nobody expects', value: unexpected, ...none },
    { name: 'violations of the law', value: violations.length, ...none },
  ];
  return { figures, violations };
}
