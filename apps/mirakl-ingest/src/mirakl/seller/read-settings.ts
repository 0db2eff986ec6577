import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Check, SourceSettings } from '../../settings/source-settings.ts';
import { readList, readObject, readText } from '../lenient-readers.ts';
import { MiraklError } from '../mirakl-errors.ts';
import { parseJson } from '../parse-json.ts';
import type { SellerClient } from './client.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Switches of PC01 that change what orders look like. */
const WORKFLOW_FEATURES = [
  'order_acceptance',
  'shipping_and_billing_details_before_acceptance',
  'pay_on_shipment',
  'pay_on_due_date',
  'no_customer_payment_confirmation',
] as const;

/**
 * A01 (account), PC01 (platform), RE01 (reasons) and CH11 (channels). A key may not be allowed to read one of them: then
 * that is a check that did not pass, and the others go on. Throws MiraklError when Mirakl does not answer.
 */
export async function readSellerSettings(
  { id, shopId }: Pick<MarketplacePolicy, 'id' | 'shopId'>,
  client: Pick<SellerClient, 'get'>,
  signal: AbortSignal,
): Promise<SourceSettings> {
  const query = new URLSearchParams(shopId === null ? {} : { shop_id: shopId });
  const checks: Check[] = [];
  let answeredAt = new Date(0);
  const read = async (path: string, check: string, what: string): Promise<Fields> => {
    try {
      return await client.get(
        path,
        query,
        (answer) => {
          answeredAt = answer.answeredAt;
          const body = parseJson(answer.body);
          if (body !== undefined) return readObject(body);
          throw new MiraklError('unreadable_answer', `${id}: the answer of Mirakl on ${what} is not JSON`);
        },
        signal,
      );
    } catch (error) {
      if (!(error instanceof MiraklError) || error.isPassing) throw error;
      checks.push({ check, result: 'warning', detail: `${what} cannot be read: ${error.message}` });
      return {};
    }
  };
  const account = await read('/api/account', 'account', 'the account (A01)');
  const platform = await read('/api/platform/configuration', 'platform', 'the platform (PC01)');
  const reasons = await read('/api/reasons', 'reasons', 'the reasons (RE01)');
  const channels = await read('/api/channels', 'channels', 'the channels (CH11)');
  const features = readObject(platform['features']);
  return {
    answeredAt,
    shopId: readText(account['shop_id'], 100),
    shopName: readText(account['shop_name'], 300),
    currency: readText(account['currency_iso_code'], 10),
    taxMode: readText(features['order_tax_mode'], 50),
    timezone: readText(platform['timezone'], 100),
    channels: labelled(channels['channels']).map((one) => ({ ...one, type: null })),
    reasons: labelled(reasons['reasons']),
    features: readFeatures(features),
    checks: [...checks, ...shopState(account)],
  };
}

function labelled(list: unknown): { code: string; label: string | null; type: string | null }[] {
  return readList(list)
    .map(readObject)
    .flatMap((entry) => {
      const code = readText(entry['code'], 300);
      if (code === null) return [];
      return [{ code, label: readText(entry['label'], 500), type: readText(entry['type'], 100) }];
    });
}

function readFeatures(features: Fields): Record<string, string> {
  const workflows = readObject(features['order_workflows']);
  const returns = Object.entries(readObject(features['returns'])).map(
    ([model, value]) => [`returns_${model}`, value] as const,
  );
  const entries = [
    ...WORKFLOW_FEATURES.map((name) => [name, workflows[name]] as const),
    ['multi_currency', features['multi_currency']] as const,
    ['offer_prices_decimals', features['offer_prices_decimals']] as const,
    [
      'tax_collection_by_operator',
      readObject(features['tax_collection'])['tax_collection_by_operator'],
    ] as const,
    ...returns,
  ];
  return Object.fromEntries(
    entries.flatMap(([name, value]) => {
      const text = typeof value === 'boolean' ? String(value) : readText(value, 200);
      return text === null ? [] : [[name, text]];
    }),
  );
}

function shopState(account: Fields): readonly Check[] {
  const state = readText(account['shop_state'], 50);
  if (state === null) return [];
  const isOpen = state === 'OPEN';
  return [{ check: 'shop_state', result: isOpen ? 'ok' : 'warning', detail: `the shop is ${state}` }];
}
