import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { DrillSystem } from './drill-system.ts';

const awayMs = 25_000;
const freshMs = 15_000;

const operations = Compile(
  Type.Object({
    deadLetters: Type.Array(Type.Object({ topic: Type.String(), messages: Type.Integer() })),
    lanes: Type.Array(Type.Object({ group: Type.String(), topic: Type.String(), messages: Type.Integer() })),
  }),
);
const marketplacesShape = Compile(
  Type.Object({
    marketplaces: Type.Array(
      Type.Object({
        id: Type.String(),
        health: Type.String(),
        lastPoll: Type.Union([Type.Object({ completedAt: Type.String() }), Type.Null()]),
        lastFailure: Type.Union([
          Type.Object({ ongoing: Type.Boolean(), reason: Type.String() }),
          Type.Null(),
        ]),
      }),
    ),
  }),
);

/** Klaviyo no longer knows the key: it answers 401 to everything. */
export async function klaviyoKeyRevoked(drill: DrillSystem): Promise<void> {
  await drill.startServices();
  await drill.untilBalanced();
  await drill.control.post('/faults', { target: 'klaviyo', kind: 'status', status: 401 });
  await drill.wait(awayMs);
  const { deadLetters, lanes } = operations.Parse(await drill.get('/operations'));
  const letters = deadLetters.reduce((sum, { messages }) => sum + messages, 0);
  const lag = lanes
    .filter(({ group }) => group === 'klaviyo-writer')
    .reduce((sum, { messages }) => sum + messages, 0);
  drill.saw(
    `after ${awayMs / 1_000} s without a key: ${await drill.underWay()} orders in flight, ${lag} records wait before the writer, ${letters} dead letters`,
  );
  await drill.control.clearFaults();
  drill.saw(`with a key again: balanced after ${seconds(await drill.untilBalanced())}`);
}

/** One marketplace no longer knows its key: it answers 401 to everything, the others go on. */
export async function miraklKeyRevoked(drill: DrillSystem): Promise<void> {
  await drill.startServices();
  await drill.untilBalanced();
  const revoked = 'maison-fr';
  await drill.control.post('/faults', { target: `mirakl:${revoked}`, kind: 'status', status: 401 });
  await drill.wait(awayMs);
  const { marketplaces } = marketplacesShape.Parse(await drill.get('/marketplaces'));
  for (const { id, health, lastPoll, lastFailure } of marketplaces) {
    const ageMs = lastPoll === null ? Infinity : Date.now() - Date.parse(lastPoll.completedAt);
    const why = lastFailure?.ongoing === true ? ` (${lastFailure.reason})` : '';
    drill.saw(`${id}: ${health}${why}, last complete poll ${seconds(ageMs / 1_000)} ago`);
    if (id !== revoked && ageMs > freshMs) throw new Error(`${id} stands still because of ${revoked}`);
  }
  await drill.control.clearFaults();
  drill.saw(`with the key again: balanced after ${seconds(await drill.untilBalanced())}`);
}

export function seconds(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} s`;
}
