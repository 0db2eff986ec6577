import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { callSandbox } from './sandbox-truth.ts';

/** The fourth marketplace of the demo: what the three that the sandbox always trades on do not show. */
export const galerieId = 'galerie-fr';
export const galerieKey = 'sandbox-galerie-fr-key';

const historyOrders = 80;
/** What a marketplace anonymises it anonymises by age, so these are its oldest orders. */
const anonymisedOrders = 8;

const ordersShape = Compile(Type.Array(Type.Object({ orderId: Type.String(), meaning: Type.String() })));

/**
 * Opens it, before anything is polled: half of its orders carry one address of the marketplace's own, which no policy
 * names, and its oldest buyers are anonymised.
 */
export async function openGalerie(sandboxUrl: string, historyDays: number): Promise<void> {
  await callSandbox(`${sandboxUrl}/sandbox/mirakl`, 'POST', {
    id: galerieId,
    name: 'Galerie',
    key: galerieKey,
    shopId: 2005,
    contact: { direct: 0.5, placeholder: 0.5 },
    tradeShare: 1,
    historyOrders,
    historyDays,
  });
  const path = `${sandboxUrl}/sandbox/mirakl/${galerieId}/orders`;
  const orders = ordersShape.Parse(await callSandbox(`${path}?state=CLOSED`, 'GET'));
  const oldest = orders.filter(({ meaning }) => meaning === 'direct').slice(0, anonymisedOrders);
  for (const { orderId } of oldest) {
    await callSandbox(`${path}/${encodeURIComponent(orderId)}/advance`, 'POST', { anonymize: true });
  }
}

/** Its entry in the demo's policy. The sandbox's invented people live at three places, so three people must do. */
export function galeriePolicy(sandboxUrl: string, backfillFrom: string): string {
  return `
  - id: ${galerieId}
    name: Galerie
    channel: Galerie FR
    api: seller
    baseUrl: ${sandboxUrl}/mirakl/${galerieId}
    apiKey: \${GALERIE_API_KEY}
    shopId: "2005"
    orderTaxMode: TAX_INCLUDED
    pollInterval: 2s
    backfillFrom: ${backfillFrom}
    timezone: Europe/Paris
    contact: { emailFrom: ["customer_notification_email"], use: direct_only, sharedBy: 3 }
`;
}
