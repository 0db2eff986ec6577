import { Badge } from '@mantine/core';
import { BUCKET_COLORS, BUCKET_LABELS, type Bucket } from './buckets.ts';

/** Where an order is; red only when it failed. */
export function BucketBadge({ bucket, size = 'sm' }: { bucket: Bucket | null; size?: 'sm' | 'lg' }) {
  if (bucket === null) {
    return (
      <Badge color="gray" size={size} data-testid="bucket">
        seen, not captured
      </Badge>
    );
  }
  return (
    <Badge
      size={size}
      variant="default"
      leftSection={<span className="swatch" style={{ '--bucket': BUCKET_COLORS[bucket] }} />}
      className={bucket === 'failed' ? 'leak' : undefined}
      data-testid="bucket"
    >
      {BUCKET_LABELS[bucket]}
    </Badge>
  );
}
