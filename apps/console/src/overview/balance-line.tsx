import { Card, Group, SimpleGrid, Skeleton, Stack, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { type Amounts, type Balance, type Bucket, BUCKETS } from '../api/balance.ts';
import { MoneyLines } from '../display/amounts.tsx';
import { BUCKET_COLORS, BUCKET_LABELS } from '../display/buckets.ts';
import { formatCount, formatMoney, formatTime, TIME_ZONE } from '../display/format.ts';

interface BalanceLineProps {
  readonly balance: Balance;
  readonly onBucket: (bucket: Bucket) => void;
}

/** The law on one line: what Mirakl counts, the seven buckets, the difference. */
export function BalanceLine({ balance, onBucket }: BalanceLineProps) {
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="balance-title">
      <Group justify="space-between" align="flex-start" gap="md">
        <div>
          <Text id="balance-title" component="h2" fw={650} size="lg">
            Balance
          </Text>
          <Text size="sm" c="dimmed">
            {balance.settled ? 'Settled' : 'Not settled yet: what Mirakl has shown so far'} · as of{' '}
            <span className="figures">{formatTime(balance.asOf)}</span> ({TIME_ZONE})
          </Text>
        </div>
        <Counted amounts={balance.source} definition={balance.definitions['source']} />
      </Group>
      <SimpleGrid cols={{ base: 2, sm: 4, lg: 7 }} spacing="sm" mt="lg">
        {BUCKETS.map((bucket) => (
          <BucketTile
            key={bucket}
            bucket={bucket}
            amounts={balance.buckets[bucket]}
            definition={balance.definitions[bucket] ?? ''}
            onOpen={() => onBucket(bucket)}
          />
        ))}
      </SimpleGrid>
      <Difference balance={balance} />
    </Card>
  );
}

function Counted({ amounts, definition }: { amounts: Amounts; definition: string | undefined }) {
  return (
    <Tooltip label={definition} multiline w={320} events={{ hover: true, focus: true, touch: true }}>
      <div tabIndex={0} className="counted">
        <Text size="sm" c="dimmed">
          Mirakl counts
        </Text>
        <Text size="xl" fw={650} className="figures" data-testid="source-orders">
          {formatCount(amounts.orders)} orders
        </Text>
        <MoneyLines amounts={amounts} />
      </div>
    </Tooltip>
  );
}

interface BucketTileProps {
  readonly bucket: Bucket;
  readonly amounts: Amounts;
  readonly definition: string;
  readonly onOpen: () => void;
}

function BucketTile({ bucket, amounts, definition, onOpen }: BucketTileProps) {
  const leaks = bucket === 'failed' && amounts.orders > 0;
  return (
    <Tooltip label={definition} multiline w={280} events={{ hover: true, focus: true, touch: false }}>
      <UnstyledButton
        className="bucket"
        style={{ borderTopColor: BUCKET_COLORS[bucket] }}
        onClick={onOpen}
        disabled={amounts.orders === 0}
        aria-label={`${BUCKET_LABELS[bucket]}: ${amounts.orders} orders. ${definition}. Show them`}
      >
        <Text size="sm" fw={500}>
          {BUCKET_LABELS[bucket]}
        </Text>
        <Text
          size="xl"
          fw={650}
          className="figures"
          c={leaks ? 'pink.7' : undefined}
          data-testid={`bucket-${bucket}`}
        >
          {formatCount(amounts.orders)}
        </Text>
        <MoneyLines amounts={amounts} size="xs" />
      </UnstyledButton>
    </Tooltip>
  );
}

function Difference({ balance }: { balance: Balance }) {
  const { difference } = balance;
  const money = Object.entries(difference.money);
  const isNothing = difference.orders === 0 && money.every(([, amount]) => Number(amount) === 0);
  const words = money.map(([currency, amount]) => formatMoney(amount, currency));
  return (
    <Group mt="lg" gap="sm" justify="flex-end">
      <Tooltip label={balance.definitions['difference']} multiline w={320}>
        <Text
          className={isNothing ? 'difference figures' : 'difference figures leaks'}
          fw={650}
          data-testid="difference"
          tabIndex={0}
        >
          difference {formatCount(difference.orders)} orders{words.map((word) => ` · ${word}`)}{' '}
          {isNothing ? '✓' : '!'}
        </Text>
      </Tooltip>
    </Group>
  );
}

export function BalanceLineSkeleton() {
  return (
    <Card withBorder padding="lg" aria-busy="true" aria-label="The balance is being read">
      <Stack>
        <Skeleton height={28} width={220} />
        <SimpleGrid cols={{ base: 2, sm: 4, lg: 7 }}>
          {BUCKETS.map((bucket) => (
            <Skeleton key={bucket} height={86} />
          ))}
        </SimpleGrid>
      </Stack>
    </Card>
  );
}
