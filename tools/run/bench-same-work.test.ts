import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peerFigures, type Round } from '../../bench/peers/compare.ts';
import { differencesOf, readSentEvents } from '../../bench/peers/same-work.ts';
import { verdictOf } from './bench-report.ts';

const placed = {
  metric: 'Placed Order',
  uniqueId: 'm:A-1:placed',
  email: 'ada@buyers.example',
  time: '2026-03-01T10:00:00.000Z',
  value: 49.9,
  currency: 'EUR',
  backfill: true,
  profileProperties: { 'Marketplace Orders': 1 },
  properties: { OrderId: 'A-1', SKUs: ['LAMP'] },
  // The double's own, different in every run.
  id: '7',
  storedAt: '2026-03-01T10:00:01.000Z',
};
const other = { ...placed, uniqueId: 'm:A-2:placed' };
const differences = (...theirs: readonly unknown[]) =>
  differencesOf(readSentEvents([placed, other]), readSentEvents(theirs));

test('programs that send the same events do the same work, in whatever order and however it is written', () => {
  const { properties, ...rest } = { ...placed, properties: { SKUs: ['LAMP'], OrderId: 'A-1' } };
  assert.deepEqual(differences(other, { properties, ...rest, id: '8', storedAt: 'later' }), []);
});

test('planted: a program that leaves out an event, a property, or adds something', () => {
  assert.match(differences(placed).join(), /Placed Order\|m:A-2:placed is missing/);
  assert.match(differences(placed, { ...other, profileProperties: {} }).join(), /m:A-2:placed:\n {2}ours/);
  assert.match(differences(placed, { ...other, value: 49.8 }).join(), /m:A-2:placed:\n {2}ours/);
  assert.match(differences(placed, other, { ...placed, uniqueId: 'm:A-3:placed' }).join(), /only they sent/);
});

const rounds = (...cpu: number[]): Round[] =>
  cpu.map((cpuPerEvent) => ({ eventsPerSecond: 1e6 / cpuPerEvent, cpuPerEvent, memoryMb: 100 }));

test('ratios are taken round by round, so that a machine that slows down does not decide', () => {
  const figures = peerFigures(
    new Map([
      ['ours', rounds(100, 200, 400)],
      ['ours before read-back', rounds(90, 180, 360)],
      ['NestJS transport', rounds(800, 1_600, 3_200)],
      ['Apache Camel', rounds(100, 200, 400)],
      ['arroyo', rounds(50, 100, 200)],
      ['franz-go', rounds(25, 50, 100)],
    ]),
  );
  const of = (name: string) => figures.find((figure) => figure.name === name);
  assert.equal(of('times as fast as the NestJS transport as shipped')?.value, 8);
  assert.equal(of('CPU per event beside Apache Camel')?.value, 1);
  const arroyo = of('CPU per event beside arroyo');
  assert.equal(arroyo?.value, 2);
  assert.equal(arroyo && verdictOf(arroyo), 'below floor');
});
