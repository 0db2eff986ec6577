import { ALL_TOPICS, Topics } from '@watertight/contracts';
import { parseMarketplaces } from '@watertight/marketplaces';
import { ConfigError } from '@watertight/service';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { ApiError } from '../../apps/leakage-monitor/dist/http/api-error.js';
import { readClaims } from '../../apps/leakage-monitor/dist/contact-claims/read-claims.js';
import { inputReader } from '../../apps/leakage-monitor/dist/http/parse-input.js';
import { ROUTES } from '../../apps/leakage-monitor/dist/http/routes.js';
import { detectChanges } from '../../apps/mirakl-ingest/dist/capture/detect-changes.js';
import { MiraklError } from '../../apps/mirakl-ingest/dist/mirakl/mirakl-errors.js';
import { readOrderAnswer } from '../../apps/mirakl-ingest/dist/mirakl/seller/order-answer.js';
import { readSourceOrder } from '../../apps/mirakl-ingest/dist/mirakl/seller/read-source-order.js';
import { parseMessage, type RawRecord } from '../../libs/kafka/dist/parse-message.js';
import { root } from '../stack/paths.ts';
import { mutated, mutatedText } from './mutations.ts';
import type { FuzzTarget } from './run-fuzz.ts';
import { soundOrder } from './sound-order.ts';

const orderCheck = Compile(Topics.orders.schema);
const refundCheck = Compile(Topics.refunds.schema);
const readAt = new Date('2026-03-01T00:00:00Z');

/** An order is either facts that fit their contract, or kept as bytes with a reason: never an error, never silence. */
const miraklOrder: FuzzTarget = {
  name: 'an order of Mirakl',
  property: fc.property(mutated(soundOrder), (raw) => {
    const order = readSourceOrder(raw, () => Buffer.from(JSON.stringify(raw) ?? 'null'), {
      orderTaxMode: 'TAX_INCLUDED',
      emailFrom: ['additional:customer-email', 'customer_notification_email'],
      baseUrl: 'https://marketplace.example',
      readAt,
    });
    const changes = detectChanges(
      [order],
      { orders: new Map(), refunds: new Map() },
      { marketplaceId: 'maison-fr', api: 'seller', source: 'poll', observedAt: readAt },
    );
    if (changes.orders.length + changes.unreadable.length !== 1) throw new Error('the order became nothing');
    for (const fact of changes.orders) must(orderCheck, fact);
    for (const fact of changes.refunds) must(refundCheck, fact);
  }),
};

const miraklAnswer: FuzzTarget = {
  name: "the body of Mirakl's answer",
  property: fc.property(
    mutatedText(JSON.stringify({ orders: [soundOrder, soundOrder], total_count: 2 })),
    (body) =>
      refusesWith(MiraklError, () => {
        const answer = readOrderAnswer('maison-fr', body);
        answer.orders.forEach((_, index) => answer.bytesOf(index));
      }),
  ),
};

const policy: FuzzTarget = {
  name: 'marketplaces.yaml',
  property: fc.property(mutatedText(readFileSync(join(root, 'marketplaces.example.yaml'), 'utf8')), (text) =>
    refusesWith(ConfigError, () =>
      parseMarketplaces(text, 'marketplaces.yaml', {
        env: { MAISON_API_KEY: 'secret-of-the-fuzz' },
        credentials: 'required',
      }),
    ),
  ),
};

/** Every record is handed on parsed by its schema, or refused with a reason: also cut off, of another topic, or 1 MB. */
const kafkaValues: FuzzTarget = {
  name: 'values and headers on Kafka',
  property: fc.property(
    fc.constantFrom(...ALL_TOPICS),
    fc.oneof(
      fc
        .constantFrom(...examples())
        .chain((example) => mutated(example).map((value) => JSON.stringify(value))),
      fc.constantFrom(...examples()).chain((example) => mutatedText(JSON.stringify(example))),
      fc.constant('x'.repeat(1_048_577)),
    ),
    fc.dictionary(fc.string({ maxLength: 20 }), fc.oneof(fc.string(), fc.uint8Array({ maxLength: 50 })), {
      maxKeys: 4,
    }),
    (topic, value, headers) => {
      const parsed = parseMessage(topic, 0, recordOf(value, headers));
      if (parsed.ok) must(Compile(topic.schema), parsed.message.value);
      else if (parsed.rejected.reason === undefined) throw new Error('refused without a reason');
    },
  ),
};

/** The API takes what its schema describes and refuses anything else with a sentence (400). */
const apiInputs: FuzzTarget = {
  name: 'queries and bodies of the API',
  property: fc.property(
    fc.constantFrom(
      ...ROUTES.flatMap(({ query, body }) => [query, body].filter((schema) => schema !== undefined)),
    ),
    fc.oneof(
      fc.jsonValue(),
      fc.dictionary(
        fc.constantFrom('query', 'cursor', 'limit', 'from', 'to', 'preview', '__proto__'),
        fc.string(),
      ),
    ),
    (schema, input) => refusesWith(ApiError, () => inputReader(schema)(input)),
  ),
};

/** A table that was uploaded: claims, or one sentence that never repeats a cell. */
const claimTables: FuzzTarget = {
  name: 'tables of contact claims',
  property: fc.property(
    mutatedText(
      'order number;email;source\nFZ-1;ines@buyers.example;"desk; by phone"\nFZ-2;max@buyers.example;form\n',
    ),
    (csv) =>
      refusesWith(ApiError, () => {
        const claims = readClaims({ csv, source: 'upload' });
        if (claims.some(({ line }) => !Number.isInteger(line))) throw new Error('a claim without its line');
      }),
  ),
};

export const fuzzTargets: readonly FuzzTarget[] = [
  miraklOrder,
  miraklAnswer,
  policy,
  kafkaValues,
  apiInputs,
  claimTables,
];

/** Anything but a refusal of this kind is a crash. */
function refusesWith(refusal: new (...parameters: never[]) => Error, read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof refusal)) throw error;
    if (error.message === '') throw new Error('refused without a word', { cause: error });
  }
}

function must(
  check: { Check(value: unknown): boolean; Errors(value: unknown): readonly unknown[] },
  value: unknown,
): void {
  if (!check.Check(value))
    throw new Error(`does not fit its contract: ${JSON.stringify(check.Errors(value)[0])}`);
}

function examples(): readonly unknown[] {
  const folder = join(root, 'libs/contracts/examples/valid');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8')));
}

function recordOf(
  value: string | undefined,
  headers: Readonly<Record<string, string | Uint8Array>>,
): RawRecord {
  return {
    key: Buffer.from('maison-fr:FZ-1'),
    value: Buffer.from(value ?? 'null'),
    offset: '1',
    timestamp: '1767225600000',
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
  };
}
