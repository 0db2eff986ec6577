import { parseMarketplaces } from '@watertight/marketplaces';

/** What the policy file is warned of when it asks so often. */
export function checkMeaningWarnings(persona: 'seller' | 'partner', pollInterval: string): readonly string[] {
  const file = `marketplaces:
  - id: maison-fr
    name: Maison
    baseUrl: https://maison.example
    apiKey: a-key
    persona: ${persona}
    pollInterval: ${pollInterval}
    backfillFrom: 2026-01-01
`;
  return parseMarketplaces(file, 'marketplaces.yaml', { env: {}, credentials: 'not needed' }).warnings;
}
