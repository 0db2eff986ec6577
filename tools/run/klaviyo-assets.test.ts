import assert from 'node:assert/strict';
import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import {
  documents,
  hasDocument,
  OfficialDocument,
} from '../../apps/sandbox/src/official-documents.fixture.ts';
import { parseJson } from '../../apps/sandbox/src/http/json.ts';
import { freePort } from '../stack/free-port.ts';
import { root } from '../stack/paths.ts';
import { eventPropertyNames } from '../check/event-property-names.ts';
import { AssetsAccount, createBody, updateBody } from './klaviyo-assets-account.ts';
import { applyAssets, type Applied } from './klaviyo-assets-apply.ts';
import { fill, readAssets, type Asset, type AssetSettings } from './klaviyo-assets-files.ts';
import { nameProblems } from './klaviyo-assets-names.ts';
import { describePlan, planAssets, type AssetStep, type RemoteAsset } from './klaviyo-assets-plan.ts';
import { readRecordedIds } from './klaviyo-assets-record.ts';

const settings: AssetSettings = {
  skus: ['LAMP-01', 'CHAIR-02'],
  channels: ['Maison FR'],
  highValueFrom: 199.5,
  lapsedAfterDays: 180,
  keepOutDays: 60,
};
const assets = readAssets(join(root, 'klaviyo-assets'), settings);

function segmentOf(key: string): Asset {
  const found = assets.find((asset) => asset.key === key);
  assert.ok(found, key);
  return found;
}

function remoteOf(asset: Asset, id: string, change: Partial<{ name: string }> = {}): RemoteAsset {
  return { ...asset, id, ...change };
}

describe('the files', () => {
  test('give one segment for each SKU and channel, with numbers as numbers', () => {
    const keys = assets.map(({ key }) => key);
    assert.deepEqual(
      keys.filter((key) => key.includes('/')),
      ['buyers-by-channel/Maison FR', 'buyers-by-sku/LAMP-01', 'buyers-by-sku/CHAIR-02'],
    );
    assert.match(JSON.stringify(segmentOf('high-value-buyers')), /"value":199\.5/);
    assert.equal(new Set(keys).size, keys.length);
  });

  test('name a setting that there is none of', () => {
    assert.throws(() => fill('${colour}', { value: 1 }), /\$\{colour\} is not among the settings: value/);
  });

  test('name only properties that klaviyo-writer writes, with filters that fit', () => {
    const { event, item } = eventPropertyNames();
    assert.deepEqual(nameProblems(assets, event, item), []);
  });

  test('planted mistakes: a property, a type, an event name and an item name that are wrong', () => {
    const { event, item } = eventPropertyNames();
    const condition = (property: string, type: string): unknown => ({
      condition_groups: [{ conditions: [{ type: 'profile-property', property, filter: { type } }] }],
    });
    const planted: Asset[] = [
      {
        kind: 'segment',
        key: 'a',
        name: 'a',
        definition: condition("properties['Marketplace Sku']", 'list'),
      },
      {
        kind: 'segment',
        key: 'b',
        name: 'b',
        definition: condition("properties['Marketplace Net']", 'string'),
      },
      {
        kind: 'template',
        key: 'c',
        name: 'c',
        editorType: 'CODE',
        html: '{{ event.OrderNumber }}',
        text: '{{ item.Price }}',
      },
    ];
    assert.equal(nameProblems(planted, event, item).length, 4);
  });

  test('give bodies that the official specification allows', (context) => {
    if (!hasDocument(documents.klaviyo)) return context.skip("Klaviyo's OpenAPI document is not here");
    const official = new OfficialDocument(documents.klaviyo, { ignoreRequired: false });
    const json = (body: unknown): ReturnType<typeof parseJson> => parseJson(JSON.stringify(body));
    for (const asset of assets) {
      const path = `/api/${asset.kind}s`;
      assert.deepEqual(
        [asset.key, official.bodyProblems('post', path, json(createBody(asset)))],
        [asset.key, []],
      );
      const update = official.bodyProblems('patch', `${path}/{id}`, json(updateBody(asset, 'X1')));
      assert.deepEqual([asset.key, update], [asset.key, []]);
    }
    const planted = JSON.stringify(createBody(segmentOf('lapsed-buyers'))).replace('at-least', 'at-most');
    assert.notDeepEqual(official.bodyProblems('post', '/api/segments', parseJson(planted)), []);
  });
});

describe('the plan', () => {
  const asset = segmentOf('lapsed-buyers');
  const key = 'segment/lapsed-buyers';
  const only = (remote: readonly RemoteAsset[], recorded: Record<string, string>): AssetStep => {
    const [step, ...others] = planAssets([asset], remote, recorded);
    assert.ok(step);
    assert.deepEqual(others, []);
    return step;
  };

  test('creates what is nowhere, and says when it has gone', () => {
    assert.equal(only([], {}).do, 'create');
    assert.match(describePlan([only([], { [key]: 'S1' })]), /S1, made earlier, is gone/);
  });

  test('does nothing to what is as it should be, in whatever order Klaviyo writes it', () => {
    const definition: unknown = JSON.parse(
      JSON.stringify(Object(asset)['definition'], (_, value: unknown) =>
        typeof value === 'object' && value !== null && !Array.isArray(value)
          ? { extra: null, ...Object.fromEntries(Object.entries(value).reverse()) }
          : value,
      ),
    );
    const remote: RemoteAsset = { kind: 'segment', id: 'S1', name: asset.name, definition };
    assert.equal(only([remote], { [key]: 'S1' }).do, 'nothing');
  });

  test('shows each line that would change', () => {
    const other = readAssets(join(root, 'klaviyo-assets'), { ...settings, lapsedAfterDays: 90 });
    const before = other.find((each) => each.key === asset.key);
    assert.ok(before);
    const text = describePlan([only([remoteOf(before, 'S1')], { [key]: 'S1' })]);
    assert.match(text, /^ {4}- .*"quantity": 90/m);
    assert.match(text, /^ {4}\+ .*"quantity": 180/m);
  });

  test('never touches what it has no record of, nor what somebody made their own', () => {
    const foreign: RemoteAsset = { kind: 'segment', id: 'S9', name: asset.name, definition: {} };
    assert.equal(only([foreign], {}).do, 'leave');
    assert.equal(only([remoteOf(asset, 'S1', { name: 'Our win-back' })], { [key]: 'S1' }).do, 'leave');
  });

  test('writes down what a run that was cut off had made', () => {
    assert.equal(only([remoteOf(asset, 'S1')], {}).do, 'record');
  });

  test('deletes nothing that is no longer in the files', () => {
    const steps = planAssets([], [remoteOf(asset, 'S1')], { [key]: 'S1' });
    assert.match(describePlan(steps), /no longer in the files; nothing is ever deleted/);
  });
});

describe('against the double of Klaviyo', () => {
  const folder = mkdtempSync(join(tmpdir(), 'klaviyo-assets-'));
  const recordFile = join(folder, 'ids.json');
  let sandbox: ReturnType<typeof spawn>;
  let baseUrl = '';

  before(async () => {
    sandbox = spawn(process.execPath, [join(root, 'apps/sandbox/dist/main.js')], {
      env: { ...process.env, SANDBOX_HISTORY_ORDERS: '0', WATCH_PARENT_STDIN: '1', PORT: '0' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    assert.ok(sandbox.stdout);
    const [line] = await once(createInterface(sandbox.stdout), 'line');
    baseUrl = `${JSON.parse(String(line)).url}/klaviyo`;
  });

  after(() => {
    sandbox.kill();
    rmSync(folder, { recursive: true });
  });

  const pauses: number[] = [];
  const open = (key = 'pk_sandbox'): AssetsAccount =>
    new AssetsAccount({
      baseUrl,
      key,
      pause: (ms) => {
        pauses.push(ms);
        return Promise.resolve();
      },
    });
  const bringUp = async (wanted: readonly Asset[]): Promise<{ text: string; done: Applied }> => {
    const account = open();
    const accountId = await account.accountId();
    const steps = planAssets(wanted, await account.listAssets(), readRecordedIds(recordFile, accountId));
    return {
      text: describePlan(steps),
      done: await applyAssets(steps, { account, accountId, recordFile }),
    };
  };
  const control = (path: string, body: unknown): Promise<Response> =>
    fetch(`${baseUrl.replace('/klaviyo', '')}/sandbox${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  test('makes everything, then finds nothing to do, then changes only what differs', async () => {
    await control('/klaviyo', { quota: 'off' });
    const first = await bringUp(assets);
    assert.deepEqual(first.done, { created: assets.length, updated: 0, left: 0 });
    assert.deepEqual((await bringUp(assets)).done, { created: 0, updated: 0, left: 0 });
    const later = readAssets(join(root, 'klaviyo-assets'), { ...settings, keepOutDays: 30 });
    assert.deepEqual((await bringUp(later)).done, { created: 0, updated: 1, left: 0 });
    assert.match(readFileSync(recordFile, 'utf8'), /"template\/order-confirmation-opt-in"/);
  });

  test('the command: a dry run changes nothing, apply does what it said', async () => {
    const settingsFile = join(folder, 'settings.yaml');
    writeFileSync(settingsFile, JSON.stringify({ ...settings, keepOutDays: 45 }));
    const command = (how: '--dry-run' | '--apply'): SpawnSyncReturns<string> =>
      spawnSync(
        process.execPath,
        ['tools/run/klaviyo-assets.main.ts', how, '--settings', settingsFile, '--record', recordFile],
        {
          cwd: root,
          encoding: 'utf8',
          env: { ...process.env, KLAVIYO_BASE_URL: baseUrl, KLAVIYO_ASSETS_API_KEY: 'pk_sandbox' },
        },
      );
    const dry = command('--dry-run');
    assert.equal(dry.status, 0, dry.stderr);
    assert.match(dry.stdout, /^~ .*45 days/m);
    assert.equal(command('--dry-run').stdout, dry.stdout);
    const applied = command('--apply');
    assert.match(applied.stdout, /0 created, 1 changed, 0 not touched/, applied.stderr);
    assert.doesNotMatch(command('--dry-run').stdout, /^[~+]/m);
  });

  test('leaves a segment of the same name that somebody else made', async () => {
    await control('/reset', {});
    rmSync(recordFile);
    const asset = segmentOf('keep-out-no-review');
    const body = createBody({ ...segmentOf('lapsed-buyers'), name: asset.name });
    await fetch(`${baseUrl}/api/segments`, {
      method: 'POST',
      headers: { authorization: 'Klaviyo-API-Key pk_sandbox', revision: '2026-07-15' },
      body: JSON.stringify(body),
    });
    const { text, done } = await bringUp([asset]);
    assert.deepEqual(done, { created: 0, updated: 0, left: 1 });
    assert.match(text, /not in the record of what this command made/);
  });

  test('waits as long as a 429 says, and keeps the pace of one segment a second', async () => {
    await control('/reset', {});
    pauses.length = 0;
    await control('/faults', {
      target: 'klaviyo',
      kind: 'status',
      status: 429,
      retryAfter: 7,
      times: 1,
      method: 'POST',
    });
    writeFileSync(recordFile, '{}');
    await bringUp([segmentOf('keep-out-no-review')]);
    assert.deepEqual(pauses, [7_000, 1_100]);
  });

  test('says which scopes a key lacks', async () => {
    await assert.rejects(open('pk_sandbox_narrow').listAssets(), /needs the scopes accounts:read/);
  });

  const at = (address: string): AssetsAccount =>
    new AssetsAccount({ baseUrl: address, key: 'k', pause: () => Promise.resolve() });

  test('sends the key nowhere in the clear', () => {
    assert.throws(() => at('http://a.klaviyo.com'), /https/);
  });

  test('regression: an address that is none, and one where nobody answers, are said in a sentence', async () => {
    assert.throws(() => at('a.klaviyo.com'), {
      name: 'Failure',
      message: /KLAVIYO_BASE_URL is not an address/,
    });
    const port = await freePort();
    await assert.rejects(at(`http://127.0.0.1:${port}`).accountId(), {
      name: 'Failure',
      message: /^127\.0\.0\.1:\d+ does not answer to GET \/api\/accounts: .*; run the command again\.$/s,
    });
  });
});
