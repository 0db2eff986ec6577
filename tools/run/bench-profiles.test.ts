import assert from 'node:assert/strict';
import { test } from 'node:test';
import { widestFrames } from '../../bench/profiles.ts';

const node = (id: number, functionName: string, url: string) => ({ id, callFrame: { functionName, url } });

test('time is told by package, by file of ours and by what V8 does itself; idle time is left out', () => {
  const frames = widestFrames({
    nodes: [
      node(1, '(idle)', ''),
      node(2, '(garbage collector)', ''),
      node(3, 'encode', 'file:///w/node_modules/kafkajs/src/a.js'),
      node(4, 'send', 'file:///w/node_modules/kafkajs/src/b.js'),
      node(5, 'parse', 'file:///w/node_modules/@nestjs/core/x.js'),
      node(6, 'claim', 'file:///w/apps/klaviyo-writer/dist/delivery/delivery.store.js'),
    ],
    samples: [1, 2, 3, 4, 5, 6, 1],
    timeDeltas: [900, 20, 30, 20, 10, 20, 900],
  });
  assert.deepEqual(frames, [
    { name: 'kafkajs', percent: 50 },
    { name: '(garbage collector)', percent: 20 },
    { name: 'apps/klaviyo-writer/src/delivery/delivery.store.ts', percent: 20 },
    { name: '@nestjs/core', percent: 10 },
  ]);
});
