import { MarketplacesFileSchema } from '@watertight/marketplaces';
import { json, type GeneratedFiles } from './contract-files.ts';

/** The JSON Schema of marketplaces.yaml, for editors. */
export function policyFiles(): GeneratedFiles {
  const plain: Record<string, unknown> = JSON.parse(JSON.stringify(MarketplacesFileSchema));
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...plain };
  return new Map([['marketplaces.schema.json', json(withoutRequiredDefaults(schema))]]);
}

/** A property with a default may be left out: the loader fills it in before it checks. */
function withoutRequiredDefaults(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutRequiredDefaults);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, withoutRequiredDefaults(value)]),
  );
  const { required, properties } = copy;
  if (!Array.isArray(required) || typeof properties !== 'object' || properties === null) return copy;
  const optional = new Set(
    Object.entries(properties)
      .filter(([, value]) => typeof value === 'object' && value !== null && 'default' in value)
      .map(([name]) => name),
  );
  return { ...copy, required: required.filter((name) => !optional.has(String(name))) };
}
