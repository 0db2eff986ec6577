import { Anchor, Badge, Button, Group, Select, Stack, Text } from '@mantine/core';
import { useFilters } from '../address/use-filters.ts';
import { api } from '../api/client.ts';
import type { Review } from '../api/model.ts';
import { formatDay, formatMoment, TIME_ZONE } from '../display/format.ts';
import { PageHead } from '../display/section.tsx';
import { Empty, Loaded } from '../display/states.tsx';
import { Decisions } from './decisions.tsx';
import { ReviewFigures } from './review-figures.tsx';
import { ReviewOwners } from './review-owners.tsx';
import { SignOff } from './sign-off.tsx';

const FILTERS = ['week'] as const;
const STATES = {
  running: 'still running',
  due: 'to be signed',
  overdue: 'overdue',
  signed: 'signed',
} as const;

/** How did the week go, what repeats, who decides what? */
export function ReviewPage() {
  const [{ week }, change] = useFilters(FILTERS);
  const reviews = api.useQuery('get', '/reviews');
  return (
    <Stack gap="md">
      <PageHead title="Weekly review" question="How did the week go, what repeats, who decides what?" />
      <Loaded query={reviews} lines={10}>
        {(answer) => {
          // The newest one that waits to be signed is what a review meeting is about.
          const chosen =
            week !== ''
              ? week
              : (
                  answer.reviews.find(({ state }) => state === 'due' || state === 'overdue') ??
                  answer.reviews[0]
                )?.week;
          if (chosen === undefined) {
            return (
              <Empty title="No week yet">The first week begins with the first order that is captured.</Empty>
            );
          }
          return (
            <Stack gap="md">
              <Group gap="sm">
                <Select
                  size="xs"
                  w={300}
                  aria-label="Week"
                  data={answer.reviews.map((row) => ({
                    value: row.week,
                    label: `${row.week}, from ${formatDay(row.from)}: ${STATES[row.state]}`,
                  }))}
                  value={chosen}
                  allowDeselect={false}
                  onChange={(next) => change({ week: next ?? '' })}
                />
                <Text size="sm" className="muted">
                  Held on {answer.day}s, weeks in {answer.timezone}
                </Text>
              </Group>
              <Week week={chosen} onSigned={() => change({ week: chosen })} />
            </Stack>
          );
        }}
      </Loaded>
    </Stack>
  );
}

function Week({ week, onSigned }: { week: string; onSigned: () => void }) {
  const review = api.useQuery('get', '/reviews/{week}', { params: { path: { week } } });
  return (
    <Loaded query={review} lines={12}>
      {(answer) => (
        <Stack gap="md">
          <Head review={answer} />
          <ReviewFigures review={answer} />
          <ReviewOwners review={answer} />
          <Decisions review={answer} />
          <SignOff review={answer} onSigned={onSigned} />
        </Stack>
      )}
    </Loaded>
  );
}

function Head({ review }: { review: Review }) {
  const pack = (kind: 'html' | 'pdf') => `/api/v1/reviews/${encodeURIComponent(review.week)}/pack.${kind}`;
  return (
    <Group justify="space-between">
      <Group gap="sm">
        <Badge
          color={review.state === 'signed' ? 'teal' : review.state === 'overdue' ? 'yellow' : 'gray'}
          size="lg"
        >
          {STATES[review.state]}
        </Badge>
        <Text size="sm" className="muted">
          {formatDay(review.from)} to {formatDay(review.to)} ({review.timezone}) · figures as of{' '}
          {formatMoment(review.asOf)} ({TIME_ZONE}){review.frozen ? ', kept as they were signed' : ''}
        </Text>
      </Group>
      <Group gap="xs" className="no-print">
        <Button size="xs" variant="default" component="a" href={pack('pdf')} download>
          Pack as PDF
        </Button>
        <Button size="xs" variant="default" component="a" href={pack('html')} download>
          Pack as HTML
        </Button>
        <Anchor component="button" type="button" size="xs" onClick={() => print()}>
          Print
        </Anchor>
      </Group>
    </Group>
  );
}
