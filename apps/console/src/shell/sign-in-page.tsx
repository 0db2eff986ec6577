import { Alert, Anchor, Button, Center, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, http } from '../api/client.ts';

/** Shown instead of the console while nobody is signed in. */
export function SignInPage() {
  const ways = api.useQuery('get', '/session');
  const queries = useQueryClient();
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState('');
  const signIn = async () => {
    try {
      await http.POST('/session', { body: { token: token.trim() } });
      await queries.resetQueries();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'That did not work.');
    }
  };
  return (
    <Center mih="90vh" p="md">
      <Stack component="main" gap="md" maw={420} w="100%" className="card">
        <Title order={1}>Watertight</Title>
        <Text size="sm" className="muted">
          Open the console at the address that was printed when the system started, or sign in here.
        </Text>
        {ways.data?.identityProvider != null && (
          <Button component="a" href={ways.data.identityProvider}>
            Sign in with your organisation
          </Button>
        )}
        {ways.data?.token !== false && (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              void signIn();
            }}
          >
            <Stack gap="sm">
              <PasswordInput
                label="Token"
                description="It was printed at start"
                value={token}
                onChange={(event) => setToken(event.currentTarget.value)}
                autoComplete="current-password"
              />
              <Button type="submit" disabled={token.trim() === ''}>
                Sign in
              </Button>
            </Stack>
          </form>
        )}
        {problem !== '' && (
          <Alert color="yellow" role="alert">
            {problem}
          </Alert>
        )}
        <Anchor href="/api/v1/session" size="xs" className="muted">
          How one can sign in here, as the API says it
        </Anchor>
      </Stack>
    </Center>
  );
}
