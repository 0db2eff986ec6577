import { readFileSync } from 'node:fs';
import { ConfigError } from '@watertight/service';
import { Compile } from 'typebox/compile';
import { Default } from 'typebox/value';
import { toAlerts } from './alerts-policy.ts';
import { checkMeaning } from './check-meaning.ts';
import {
  type AttributeMapping,
  type MarketplaceEntry,
  MarketplacesFileSchema,
  type MarketplacesFile,
} from './marketplaces-schema.ts';
import { parseDuration } from './duration.ts';
import type { MarketplaceCredentials, MarketplacePolicy, MarketplacesPolicy } from './policy.ts';
import { readYaml, type YamlProblem, type YamlText } from './read-yaml.ts';

const fileValidator = Compile(MarketplacesFileSchema);
const CREDENTIAL_KEYS = new Set(['apiKey', 'clientId', 'clientSecret', 'companyId']);
const ALERT_KEYS = ['slack', 'url', 'secret', 'smtp'];

export interface LoadMarketplacesOptions {
  /** Where `${NAME}` is looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Only mirakl-ingest signs in to marketplaces; the other services are not even given the keys. */
  readonly credentials: 'required' | 'not needed';
  /** Only leakage-monitor sends alerts; the other services are not given their addresses and secrets. */
  readonly alerts?: 'required' | 'not needed';
}

/**
 * Reads and checks marketplaces.yaml.
 * Throws ConfigError with every problem at once, each with its line; no problem shows a value.
 */
export function loadMarketplaces(path: string, options: LoadMarketplacesOptions): MarketplacesPolicy {
  return parseMarketplaces(readText(path), path, options);
}

/** As {@link loadMarketplaces}, from text. `name` is what problems call the file. */
export function parseMarketplaces(
  text: string,
  name: string,
  options: LoadMarketplacesOptions,
): MarketplacesPolicy {
  const { yaml, problems } = readYaml(text, {
    env: options.env,
    optionalSecrets: optionalSecretsOf(options),
  });
  const file = yaml.value === undefined ? undefined : checkShape(yaml, problems);
  const meaning = file
    ? checkMeaning(file, options.credentials === 'required', options.alerts === 'required')
    : { problems: [], warnings: [] };
  for (const { pointer, message } of meaning.problems) problems.push({ line: yaml.lineOf(pointer), message });
  if (!file || problems.length > 0) {
    const sorted = [...problems].sort((a, b) => a.line - b.line);
    throw new ConfigError(sorted.map(({ line, message }) => `${name}, line ${line}: ${message}`));
  }
  return toPolicy(file, meaning.warnings);
}

/** Secrets that may be missing, because the service that reads the file has no use for them. */
function optionalSecretsOf({ credentials, alerts }: LoadMarketplacesOptions): ReadonlySet<string> {
  return new Set([
    ...(credentials === 'required' ? [] : CREDENTIAL_KEYS),
    ...(alerts === 'required' ? [] : ALERT_KEYS),
  ]);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new ConfigError([
      `MARKETPLACES_FILE: cannot read ${path} (${code}); start from marketplaces.example.yaml`,
    ]);
  }
}

function checkShape(yaml: YamlText, problems: YamlProblem[]): MarketplacesFile | undefined {
  const value: unknown = Default(MarketplacesFileSchema, yaml.value);
  if (fileValidator.Check(value)) return value;
  for (const error of fileValidator.Errors(value)) {
    // A refused property is reported twice; the second report only says "schema is false".
    if (error.keyword === 'boolean') continue;
    const where = error.instancePath.replace(/^\//, '').replaceAll('/', '.') || 'the file';
    const expected = descriptionAt(error.schemaPath);
    const hint = error.keyword !== 'additionalProperties' && error.keyword !== 'required' && expected;
    const named = namedProperties(error.params);
    const message = hint ? `must be ${expected}` : `${error.message}${named}`;
    problems.push({ line: yaml.lineOf(error.instancePath), message: `${where}: ${message}` });
  }
  return undefined;
}

function namedProperties(params: object): string {
  const names = 'additionalProperties' in params ? params.additionalProperties : undefined;
  return Array.isArray(names) ? ` (${names.join(', ')})` : '';
}

/** The description of the schema that a value did not fit: it says what is expected, in words. */
function descriptionAt(schemaPath: string): string | undefined {
  let schema: unknown = MarketplacesFileSchema;
  for (const part of schemaPath.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    if (typeof schema !== 'object' || schema === null) return undefined;
    schema = Object.entries(schema).find(([key]) => key === part.replaceAll('~1', '/'))?.[1];
  }
  if (typeof schema !== 'object' || schema === null || !('description' in schema)) return undefined;
  return String(schema.description);
}

function toPolicy(file: MarketplacesFile, warnings: readonly string[]): MarketplacesPolicy {
  return {
    reportingCurrency: file.reportingCurrency,
    rates: new Map([...Object.entries(file.rates), [file.reportingCurrency, '1']]),
    klaviyo: {
      metrics: file.klaviyo.metrics,
      backfillAfterMs: parseDuration(file.klaviyo.backfillAfter),
      newProfilesPerDay: file.klaviyo.newProfilesPerDay ?? null,
      newProfilesPerMonth: file.klaviyo.newProfilesPerMonth ?? null,
    },
    alerts: toAlerts(file.alerts),
    review: file.review,
    marketplaces: file.marketplaces.map((entry) => toMarketplace(entry, file)),
    warnings,
  };
}

function toMarketplace(entry: MarketplaceEntry, file: MarketplacesFile): MarketplacePolicy {
  return {
    id: entry.id,
    name: entry.name,
    channel: entry.channel ?? entry.name,
    api: entry.api,
    baseUrl: entry.baseUrl.replace(/\/+$/, ''),
    credentials: credentialsOf(entry),
    shopId: entry.shopId ?? null,
    currency: entry.currency ?? null,
    orderTaxMode: entry.orderTaxMode,
    pollIntervalMs: parseDuration(entry.pollInterval),
    persona: entry.persona,
    backfillFrom: new Date(entry.backfillFrom),
    timezone: entry.timezone,
    contact: entry.contact,
    attributes: attributesOf(file, entry),
    deliver: entry.deliver,
    owners: entry.owners,
  };
}

function attributesOf(file: MarketplacesFile, entry: MarketplaceEntry): readonly AttributeMapping[] {
  const own = new Set(entry.attributes.map(({ on, to }) => `${on} ${to}`));
  return [...file.attributes.filter(({ on, to }) => !own.has(`${on} ${to}`)), ...entry.attributes];
}

function credentialsOf(entry: MarketplaceEntry): MarketplaceCredentials | null {
  const { apiKey, clientId, clientSecret, companyId } = entry;
  if (entry.api === 'seller') return apiKey ? { kind: 'key', apiKey } : null;
  if (!clientId || !clientSecret || !companyId) return null;
  return {
    kind: 'oauth',
    clientId,
    clientSecret,
    companyId,
    ...(entry.tokenUrl === undefined ? {} : { tokenUrl: entry.tokenUrl }),
  };
}
