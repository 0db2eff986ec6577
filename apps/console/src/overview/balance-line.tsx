import { Group, SimpleGrid, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { Balance } from '../api/model.ts';
import { href } from '../address/href.ts';
import { type Amounts, MoneyLines } from '../display/amounts.tsx';
import { BUCKET_COLORS, BUCKET_LABELS, BUCKETS, type Bucket } from '../display/buckets.ts';
import { Defined } from '../display/defined.tsx';
import { formatCount, formatMoment, formatMoney, TIME_ZONE } from '../display/format.ts';
import { Section } from '../display/section.tsx';

interface BalanceLineProps {
  readonly balance: Balance;
  /** The filters that hold for the page, so that each number leads to exactly its own orders. */
  readonly filters: Readonly<Record<string, string>>;
}

/** The law on one line: what Mirakl counts = the seven buckets, difference nothing. */
export function BalanceLine({ balance, filters }: BalanceLineProps) {
  const { definitions } = balance;
  return (
    <Section
      title="Balance"
      note={
        <>
          {balance.settled ? 'Settled at ' : 'Not settled yet: what Mirakl has shown so far, at '}
          <span className="figures">{formatMoment(balance.asOf)}</span> ({TIME_ZONE})
        </>
      }
      actions={
        <div className="counted">
          <Text size="sm" className="muted" component="div">
            <Defined as={definitions['source']}>Mirakl counts</Defined>
          </Text>
          <Text size="xl" fw={650} className="figures" data-testid="source-orders">
            {formatCount(balance.source.orders)} orders
          </Text>
          <MoneyLines amounts={balance.source} />
        </div>
      }
    >
      <SimpleGrid cols={{ base: 2, sm: 4, lg: 7 }} spacing="xs">
        {BUCKETS.map((bucket) => (
          <BucketTile
            key={bucket}
            bucket={bucket}
            amounts={balance.buckets[bucket]}
            definition={definitions[bucket]}
            link={href('/orders', { ...filters, bucket })}
          />
        ))}
      </SimpleGrid>
      <Difference balance={balance} />
    </Section>
  );
}

interface BucketTileProps {
  readonly bucket: Bucket;
  readonly amounts: Amounts;
  readonly definition: string | undefined;
  readonly link: string;
}

function BucketTile({ bucket, amounts, definition, link }: BucketTileProps) {
  const leaks = bucket === 'failed' && amounts.orders > 0;
  const inside = (
    <>
      <Text size="sm" fw={500} component="span">
        {BUCKET_LABELS[bucket]}
      </Text>
      <Text
        size="xl"
        component="span"
        fw={650}
        className={leaks ? 'figures leak' : 'figures'}
        data-testid={`bucket-${bucket}`}
      >
        {formatCount(amounts.orders)}
      </Text>
      <MoneyLines amounts={amounts} size="xs" />
    </>
  );
  const style = { '--bucket': BUCKET_COLORS[bucket] };
  if (amounts.orders === 0) {
    return (
      <div className="bucket" style={style} title={definition}>
        {inside}
      </div>
    );
  }
  return (
    <Link className="bucket" style={style} href={link} title={definition}>
      {inside}
    </Link>
  );
}

function Difference({ balance }: { balance: Balance }) {
  const { difference, definitions } = balance;
  const money = Object.entries(difference.money);
  const isNothing = difference.orders === 0 && money.every(([, amount]) => Number(amount) === 0);
  const words = money.map(([currency, amount]) => formatMoney(amount, currency));
  return (
    <Group mt="sm" gap="sm" justify="flex-end">
      <Text
        component="div"
        fw={650}
        className={isNothing ? 'figures sound' : 'figures leak'}
        data-testid="difference"
      >
        <Defined as={definitions['difference']}>difference</Defined> {formatCount(difference.orders)} orders
        {words.map((word) => ` · ${word}`)} {isNothing ? '✓' : '!'}
      </Text>
    </Group>
  );
}
