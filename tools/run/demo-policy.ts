import { galeriePolicy } from './demo-galerie.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** The keys that the sandbox's three marketplaces want, by the variables that the policy names. */
export const demoKeys = {
  MAISON_API_KEY: 'sandbox-maison-fr-key',
  TECHNO_API_KEY: 'sandbox-techno-us-key',
  NORDMARKT_API_KEY: 'sandbox-nordmarkt-de-key',
} as const;

export interface OpenedMarketplaces {
  /** The one that a scenario has opened. */
  readonly ofScenario?: string | null;
  /** Whether the demo's own fourth marketplace is open. */
  readonly galerie?: boolean;
}

/**
 * The policy file of the demo: the three marketplaces that the sandbox trades on, polled every two seconds, and those
 * that were opened beside them.
 */
export function demoPolicy(
  sandboxUrl: string,
  historyDays: number,
  now: Date,
  { ofScenario = null, galerie = false }: OpenedMarketplaces = {},
): string {
  const from = new Date(now.getTime() - (historyDays + 2) * dayMs).toISOString().slice(0, 10);
  return `# Written by \`npm run demo\`; the addresses are those of the sandbox on this machine.
reportingCurrency: EUR
rates: { USD: "0.92" }
klaviyo:
  backfillAfter: 72h
attributes:
  - { from: "additional:gift-wrap", to: Gift Wrap, on: event, as: boolean }
  - { from: line.category_label, to: Categories, on: profile, as: list }
marketplaces:
  - id: maison-fr
    name: Maison
    channel: Maison FR
    api: seller
    baseUrl: ${sandboxUrl}/mirakl/maison-fr
    apiKey: \${MAISON_API_KEY}
    shopId: "2001"
    orderTaxMode: TAX_INCLUDED
    pollInterval: 2s
    backfillFrom: ${from}
    timezone: Europe/Paris
    contact: { emailFrom: ["additional:customer-email", "customer_notification_email"], use: direct_only }

  - id: techno-us
    name: Techno
    channel: Techno US
    api: seller
    baseUrl: ${sandboxUrl}/mirakl/techno-us
    apiKey: \${TECHNO_API_KEY}
    shopId: "2002"
    orderTaxMode: TAX_EXCLUDED
    pollInterval: 2s
    backfillFrom: ${from}
    timezone: America/New_York
    contact: { emailFrom: ["customer_notification_email"], use: direct_only }

  - id: nordmarkt-de
    name: Nordmarkt
    channel: Nordmarkt DE
    api: seller
    baseUrl: ${sandboxUrl}/mirakl/nordmarkt-de
    apiKey: \${NORDMARKT_API_KEY}
    shopId: "2003"
    orderTaxMode: TAX_INCLUDED
    pollInterval: 2s
    backfillFrom: ${from}
    timezone: Europe/Berlin
    contact:
      emailFrom: ["customer_notification_email"]
      use: direct_only
      placeholders: ["kunde@nordmarkt.example.org"]
${galerie ? galeriePolicy(sandboxUrl, from) : ''}${ofScenario === null ? '' : scenarioMarketplace(sandboxUrl, ofScenario, from)}`;
}

/** The entry of a marketplace that a scenario has opened. */
function scenarioMarketplace(sandboxUrl: string, id: string, from: string): string {
  return `
  - id: ${id}
    name: Bazar
    channel: Bazar FR
    api: seller
    baseUrl: ${sandboxUrl}/mirakl/${id}
    apiKey: \${BAZAR_API_KEY}
    shopId: "2004"
    orderTaxMode: TAX_INCLUDED
    pollInterval: 2s
    backfillFrom: ${from}
    timezone: Europe/Paris
    contact: { emailFrom: ["customer_notification_email"], use: direct_only }
`;
}
