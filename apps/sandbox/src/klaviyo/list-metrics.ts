import type { JsonObject } from '../http/json.ts';
import type { KlaviyoAccount } from './klaviyo-account.ts';
import type { Asked } from './list-events.ts';
import { collectionLinks, readCursor, writeCursor } from './page-cursor.ts';
import { parseFilter } from './parse-filter.ts';
import { categoryOf, renderMetric } from './render-resources.ts';
import type { MetricName } from './stored.ts';

const pageSize = 200;

const rules = { 'integration.name': ['equals'], 'integration.category': ['equals'] };

/** `GET /api/metrics`: by integration only, never by name. A metric shows once its first event is stored. */
export function listMetrics(account: KlaviyoAccount, asked: Asked): JsonObject {
  const terms = parseFilter(asked.query['filter'], rules);
  const [offset = 0] = readCursor(asked.query) ?? [];
  const { metrics, foreign } = account.metrics;
  const shown: readonly MetricName[] = [...metrics.filter((metric) => metric.count > 0), ...foreign];
  const found = shown.filter(({ integration = 'API' }) =>
    terms.every(
      (term) =>
        term.values[0] === (term.field === 'integration.name' ? integration : categoryOf(integration)),
    ),
  );
  const next = found.length > offset + pageSize ? writeCursor([offset + pageSize]) : undefined;
  return {
    data: found.slice(offset, offset + pageSize).map((metric) => renderMetric(metric, asked.api)),
    links: { ...collectionLinks(asked, next) },
  };
}

export interface AccountFacts {
  readonly currency: string;
  readonly timezone: string;
}

/** `GET /api/accounts`: the one account of the key. */
export function listAccounts(facts: AccountFacts, asked: Asked): JsonObject {
  const id = 'SNDBX1';
  return {
    data: [
      {
        type: 'account',
        id,
        attributes: {
          test_account: true,
          contact_information: {
            default_sender_name: 'Sandbox',
            default_sender_email: 'sender@example.com',
            website_url: 'https://www.example.com',
            organization_name: 'Sandbox',
            street_address: {
              address1: null,
              address2: null,
              city: null,
              region: null,
              country: null,
              zip: null,
            },
          },
          industry: 'Ecommerce, Other',
          timezone: facts.timezone,
          preferred_currency: facts.currency,
          public_api_key: id,
          locale: 'en-US',
        },
        links: { self: `${asked.api}/accounts/${id}/` },
      },
    ],
    links: { self: asked.url },
  };
}
