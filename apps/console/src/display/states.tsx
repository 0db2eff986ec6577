import { Alert, Button, Skeleton, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiFailure } from '../api/api-failure.ts';
import { formatAge } from './format.ts';
import { useNow } from './use-now.ts';

interface LoadedProps<Answer> {
  readonly query: UseQueryResult<Answer, unknown>;
  /** Lines of the skeleton: about as high as what will come. */
  readonly lines?: number;
  readonly children: (answer: Answer) => ReactNode;
}

/** An answer in each of its states: a skeleton, an error that says what to do, old with a warning, or there. */
export function Loaded<Answer>({ query, lines = 4, children }: LoadedProps<Answer>) {
  if (query.data !== undefined) {
    return (
      <>
        <StaleNote query={query} />
        {children(query.data)}
      </>
    );
  }
  if (query.error !== null) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  return <Waiting lines={lines} />;
}

export function Waiting({ lines }: { lines: number }) {
  return (
    <Stack gap="xs" aria-busy="true" role="status">
      <span className="sr-only">Loading</span>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={20} width={`${96 - ((line * 13) % 30)}%`} />
      ))}
    </Stack>
  );
}

/** Says in words what went wrong and what one can do about it. */
export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <Alert color="yellow" title={titleOf(error)} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{error instanceof Error ? error.message : 'Something went wrong.'}</Text>
        {onRetry !== undefined && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** Below a form with several steps: the one that went wrong. */
export function FirstFailure({ errors }: { errors: readonly unknown[] }) {
  const error = errors.find((one) => one !== null);
  return error === undefined ? null : <Failed error={error} />;
}

function titleOf(error: unknown): string {
  if (!(error instanceof ApiFailure)) return 'This cannot be shown';
  if (error.status === 0) return 'The monitor cannot be reached';
  if (error.status === 401) return 'You are signed out';
  if (error.status === 403) return 'Your role may not do this';
  if (error.status === 404) return 'Not found';
  if (error.status === 429) return 'Too many at once';
  return error.status >= 500 ? 'The monitor cannot answer just now' : 'This was not understood';
}

/** A page that could not be refreshed says how old it is. */
function StaleNote({ query }: { query: UseQueryResult<unknown, unknown> }) {
  const now = useNow();
  if (query.error === null) return null;
  return (
    <Alert color="yellow" title="Not refreshed" role="alert" mb="sm">
      {query.error instanceof Error ? query.error.message : ''} What you see was read{' '}
      {formatAge(new Date(query.dataUpdatedAt).toISOString(), now)}; it is asked for again by itself.
    </Alert>
  );
}

/** An empty list says what would be in it, and how it comes there. */
export function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap={4} py="md" align="center">
      <Text fw={600}>{title}</Text>
      <Text size="sm" className="muted" ta="center" maw={520}>
        {children}
      </Text>
    </Stack>
  );
}
