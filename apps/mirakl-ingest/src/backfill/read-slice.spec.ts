import { describe, expect, it } from '@jest/globals';
import { MiraklError } from '../mirakl/mirakl-errors.ts';
import type { ExportStatus, MiraklSource, OrderExports, OrderPage } from '../mirakl/mirakl-source.ts';
import type { SourceOrder } from '../capture/normalised-order.ts';
import { AT_EXPORT, AT_LISTING, type SlicePosition } from './backfill.ts';
import { readSlice } from './read-slice.ts';

const none = new AbortController().signal;
const slice = { since: new Date('2026-01-01T00:00:00Z'), until: new Date('2026-02-01T00:00:00Z') };
const clock = { now: () => new Date(0), sleep: async () => undefined };
const order = (orderId: string): SourceOrder => ({
  kind: 'unreadable',
  reason: 'source.unparseable',
  detail: '',
  orderId,
  createdAt: null,
  bytes: Buffer.alloc(0),
});
const pageOf = (ids: string[], next: string | null = null): OrderPage => ({
  orders: ids.map(order),
  next,
  answeredAt: new Date(0),
});

interface Script {
  /** What each OR13 does: a tracking id, or the error it throws. */
  readonly created: (string | MiraklError)[];
  readonly statuses?: ExportStatus[];
  readonly files?: Readonly<Record<string, readonly string[]>>;
}

const ready = (...files: string[]): ExportStatus => ({ state: 'ready', files });

/** A source whose exports follow a script, and whose listing has two pages of one order. */
function sourceOf({ created, statuses = [], files = {} }: Script) {
  const asked: string[] = [];
  const exports: OrderExports = {
    statusEveryMs: 1,
    afterRefusalMs: 1,
    async create() {
      asked.push('create');
      const said = created.shift() ?? new MiraklError('rejected', 'm: none left', { status: 400 });
      if (typeof said !== 'string') throw said;
      return said;
    },
    async status(trackingId) {
      asked.push(`status ${trackingId}`);
      return statuses.shift() ?? { state: 'pending' };
    },
    async *read(file, skip) {
      asked.push(`read ${file} from ${skip}`);
      for (const id of (files[file] ?? []).slice(skip)) yield pageOf([id]);
    },
  };
  const readOrdersCreated: MiraklSource['readOrdersCreated'] = async (_since, _until, resumeAt) => {
    asked.push(`list ${resumeAt ?? 'first'}`);
    return resumeAt === null ? pageOf(['l1'], 'p2') : pageOf(['l2']);
  };
  return { source: { exports, readOrdersCreated } as MiraklSource, asked };
}

async function read(source: MiraklSource, from: SlicePosition = AT_EXPORT) {
  const ids: (string | null)[] = [];
  const positions: SlicePosition[] = [];
  const waits: string[] = [];
  const waitsFor = async (what: string) => void waits.push(what);
  let restarts = 0;
  for await (const step of readSlice(slice, from, { source, clock, waitsFor }, none)) {
    ids.push(...(step.page?.orders ?? []).map((one) => (one.kind === 'unreadable' ? one.orderId : null)));
    positions.push(step.position);
    if (step.isRestart) restarts += 1;
  }
  return { ids, positions, waits, restarts };
}

const refusal = (status: number) =>
  new MiraklError(status === 403 ? 'unauthorised' : 'rejected', 'm: no', { status });

describe('readSlice by export', () => {
  it('waits for the files and reads them one after the other', async () => {
    const { source, asked } = sourceOf({
      created: ['t1'],
      statuses: [{ state: 'pending' }, ready('f0', 'f1')],
      files: { f0: ['a', 'b'], f1: ['c'] },
    });
    const { ids, waits } = await read(source);
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(waits).toHaveLength(1);
    expect(asked).toEqual(['create', 'status t1', 'status t1', 'read f0 from 0', 'read f1 from 0']);
  });

  it('goes on in the middle of a file from every place it stood at, and gives each order once', async () => {
    const files = { f0: ['a', 'b', 'c'], f1: ['d', 'e'] };
    const script = () => sourceOf({ created: ['t1'], statuses: [ready('f0', 'f1')], files });
    const whole = await read(script().source);
    for (const [index, position] of whole.positions.entries()) {
      const before = whole.positions.slice(0, index + 1).filter((one, at) => {
        const last = whole.positions[at - 1];
        return one.done > (last?.file === one.file ? last.done : 0);
      }).length;
      const { source, asked } = script();
      const rest = await read(source, position);
      expect([...whole.ids.slice(0, before), ...rest.ids]).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(asked).not.toContain('create');
    }
  });

  it('asks for another export when one ends without files, and counts the slice anew', async () => {
    const { source } = sourceOf({
      created: ['t1', 't2'],
      statuses: [{ state: 'ended_without_files' }, ready('f0')],
      files: { f0: ['a'] },
    });
    const { ids, restarts } = await read(source);
    expect([ids, restarts]).toEqual([['a'], 2]);
  });

  it('waits while another export of the shop is under way', async () => {
    const { source } = sourceOf({
      created: [refusal(400), refusal(400), 't1'],
      statuses: [ready('f0')],
      files: { f0: ['a'] },
    });
    const { ids, waits } = await read(source);
    expect([ids, waits.length]).toEqual([['a'], 2]);
    expect(waits[0]).toContain('another one of this shop');
  });

  it('leaves what passes to the caller: it goes on later', async () => {
    const outage = new MiraklError('unavailable', 'm: 503', { status: 503 });
    await expect(read(sourceOf({ created: [outage] }).source)).rejects.toBe(outage);
  });
});

describe('readSlice by listing', () => {
  it.each([
    ['the export is not open to this shop', { created: [refusal(403)] }],
    ['there is no such API', { created: [refusal(404)] }],
    ['it is refused again and again', { created: [] }],
    [
      'exports end without files',
      {
        created: ['t1', 't2'],
        statuses: [{ state: 'ended_without_files' }, { state: 'ended_without_files' }] as ExportStatus[],
      },
    ],
  ])('lists the orders where %s', async (_why, script) => {
    const { ids } = await read(sourceOf(script).source);
    expect(ids).toEqual(['l1', 'l2']);
  });

  it('goes on at the next page', async () => {
    const { source, asked } = sourceOf({ created: [] });
    expect((await read(source, { ...AT_LISTING, cursor: 'p2' })).ids).toEqual(['l2']);
    expect(asked).toEqual(['list p2']);
  });

  it('lists where the source has no exports', async () => {
    const { source } = sourceOf({ created: [] });
    expect((await read({ ...source, exports: null } as MiraklSource)).ids).toEqual(['l1', 'l2']);
  });
});
