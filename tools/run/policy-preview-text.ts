import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

const Previews = Type.Array(
  Type.Object({
    marketplaceId: Type.String(),
    held: Type.Integer(),
    groups: Type.Array(
      Type.Object({
        before: Type.String(),
        after: Type.String(),
        released: Type.Boolean(),
        orders: Type.Integer(),
        money: Type.Array(Type.Object({ amount: Type.String(), currency: Type.String() })),
        tooOldForFlows: Type.Integer(),
        examples: Type.Array(Type.String()),
      }),
    ),
  }),
);
const check = Compile(Previews);

/** What apps/profile-mapper/src/preview-policy.main.ts prints, as a person reads it. */
export function policyPreviewText(line: string, marketplaceId: string | undefined): string {
  const previews: unknown = JSON.parse(line);
  if (!check.Check(previews)) throw new TypeError('the preview is not as profile-mapper prints it');
  const wanted = previews.filter((one) => marketplaceId === undefined || one.marketplaceId === marketplaceId);
  const blocks = wanted.map(({ marketplaceId: id, held, groups }) => {
    const rows = groups.map(({ before, after, released, orders, money, tooOldForFlows, examples }) => {
      const worth =
        money.map(({ amount, currency }) => `${amount} ${currency}`).join(' + ') || 'amount unknown';
      const old = released && tooOldForFlows > 0 ? `, ${tooOldForFlows} too old to fire a flow` : '';
      const mark = released ? '*' : ' ';
      return `  ${mark} ${orders} (${worth}${old}): ${before} -> ${after}\n      ${examples.join(', ')}`;
    });
    return [`${id}: ${held} held`, ...rows].join('\n');
  });
  const released = wanted
    .flatMap(({ groups }) => groups)
    .reduce((sum, group) => sum + (group.released ? group.orders : 0), 0);
  const held = wanted.reduce((sum, one) => sum + one.held, 0);
  return [
    ...blocks,
    `${released} of ${held} held orders would be released (marked *). Nothing was changed.`,
  ].join('\n');
}
