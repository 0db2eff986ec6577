import { Container } from '@mantine/core';
import { ApiFailure } from '../api/api-failure.ts';
import { useMe } from '../api/use-me.ts';
import { Failed } from '../display/states.tsx';
import { Console } from './console.tsx';
import { SignInPage } from './sign-in-page.tsx';

/** The console for whoever is signed in, else the page to sign in. */
export function Gate() {
  const { data, error, refetch } = useMe();
  if (error instanceof ApiFailure && error.status === 401) return <SignInPage />;
  if (error !== null && data === undefined) {
    return (
      <Container component="main" py="xl" size="sm">
        <Failed error={error} onRetry={() => void refetch()} />
      </Container>
    );
  }
  return <Console />;
}
