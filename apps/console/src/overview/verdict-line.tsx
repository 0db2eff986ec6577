import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import type { Balance } from '../api/model.ts';
import { href } from '../address/href.ts';
import { Defined } from '../display/defined.tsx';
import { formatOrders, formatShare, formatSums } from '../display/format.ts';
import { OWNER_LABELS } from '../display/owners.tsx';
import { useDefinitions } from '../display/use-definitions.ts';
import { judgeBalance } from './verdict.ts';

/** The first five seconds: is anything leaking, how much money, whose job. */
export function VerdictLine({ balance }: { balance: Balance }) {
  const { leaking, owners, isBalanced } = judgeBalance(balance);
  const define = useDefinitions();
  const isCalm = leaking.orders === 0 && isBalanced;
  const of = balance.source.orders === 0 ? 0 : leaking.orders / balance.source.orders;
  return (
    <section
      className={isCalm ? 'card calm' : 'card leaking'}
      aria-label="Is anything leaking?"
      data-testid="verdict"
    >
      <Group justify="space-between" align="flex-start" gap="lg">
        <Stack gap={2} maw={620}>
          <Title order={2} fz={{ base: 'lg', sm: 'xl' }}>
            {leaking.orders === 0 ? (
              'Nothing is leaking'
            ) : (
              <>
                <span className="leak figures">{formatSums(leaking.money)}</span>{' '}
                <Defined as={define('leakingNow')}>is leaking</Defined>
              </>
            )}
          </Title>
          <Text size="sm" className="muted">
            {leaking.orders === 0
              ? 'Every sale has reached Klaviyo and was read back, is on its way, or is kept back by policy.'
              : `${formatOrders(leaking.orders)}, ${formatShare(of)} of what Mirakl counts, have a buyer whom Klaviyo does not know: they failed, or gave no usable contact.`}
          </Text>
          {!isBalanced && (
            <Text size="sm" fw={650} className="leak">
              Unaccounted for: {formatOrders(balance.difference.orders)},{' '}
              {formatSums(balance.difference.money)}. They are looked for by themselves; the exceptions name
              them.
            </Text>
          )}
        </Stack>
        <Stack gap={4}>
          <Text size="xs" fw={600} className="muted">
            Whose job
          </Text>
          {owners.length === 0 && <Text size="sm">Nobody’s</Text>}
          {owners.map(({ owner, amounts }) => (
            <Anchor
              key={owner}
              component={Link}
              href={href('/exceptions', { owner })}
              size="sm"
              className="figures"
            >
              {OWNER_LABELS[owner]}: {formatOrders(amounts.orders)} ·{' '}
              {Object.keys(amounts.money).length === 0 ? 'amount unknown' : formatSums(amounts.money)}
            </Anchor>
          ))}
        </Stack>
      </Group>
    </section>
  );
}
