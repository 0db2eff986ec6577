import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUYER_EVENT_TYPES, BuyerEventSchema } from '@watertight/contracts';
import { loadMarketplaces } from '@watertight/marketplaces';
import { Compile } from 'typebox/compile';
import { buildKlaviyoEvents } from '../../apps/klaviyo-writer/src/klaviyo/build-event.ts';

const root = join(import.meta.dirname, '../..');
const eventShape = Compile(BuyerEventSchema);

export interface EventPropertyNames {
  /** Names on the events of an order. */
  readonly event: ReadonlySet<string>;
  /** Names on the entries of `Items`. */
  readonly item: ReadonlySet<string>;
  /** Names below `$extra`. */
  readonly nested: ReadonlySet<string>;
}

/** The property names of Klaviyo events, as klaviyo-writer's own code builds them from the contract's examples. */
export function eventPropertyNames(): EventPropertyNames {
  const folder = join(root, 'libs/contracts/examples/valid/buyer.events.v1');
  const policy = loadMarketplaces(join(root, 'marketplaces.example.yaml'), {
    env: {},
    credentials: 'not needed',
  });
  const event = new Set<string>();
  const item = new Set<string>();
  const nested = new Set<string>();
  for (const file of readdirSync(folder)) {
    const example = eventShape.Parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    // What an order may lack is there, so that its name is seen.
    const lines = example.order.lines.map((line) => ({ ...line, imageUrl: 'https://example.com/a.jpg' }));
    const full = { ...example, order: { ...example.order, lines } };
    // An example of a change serves for all kinds of changes: they differ in nothing else.
    const types =
      full.change === null ? [full.type] : BUYER_EVENT_TYPES.filter((type) => type !== 'order.placed');
    const events = types.flatMap((type) =>
      buildKlaviyoEvents({ ...full, type }, { policy, now: new Date(full.publishedAt) }),
    );
    for (const { properties } of events) {
      for (const name of Object.keys(properties)) event.add(name);
      for (const name of namesBelow(properties['$extra'])) nested.add(name);
      const items = properties['Items'];
      for (const each of Array.isArray(items) ? items : []) {
        for (const name of Object.keys(Object(each))) item.add(name);
      }
    }
  }
  return { event, item, nested };
}

function namesBelow(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...namesBelow(inner)]);
}
