import {
  ActionIcon,
  AppShell,
  Badge,
  Container,
  Group,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useLive } from './api/use-live.ts';
import { OrdersDrawer, OrderSearch } from './orders/order-search.tsx';
import { OverviewPage } from './overview/overview-page.tsx';

export function Console() {
  const isLive = useLive();
  return (
    <AppShell header={{ height: 60 }} padding="md">
      <AppShell.Header>
        <Container size="xl" h="100%">
          <Group h="100%" justify="space-between" wrap="nowrap" gap="sm">
            <Group gap="xs" wrap="nowrap">
              <img src="/icon.svg" width={28} height={28} alt="" />
              <Text component="h1" fw={700} size="lg" visibleFrom="xs">
                Watertight
              </Text>
              <Badge variant="dot" color={isLive ? 'teal' : 'gray'} size="sm" aria-live="polite">
                {isLive ? 'live' : 'polling'}
              </Badge>
            </Group>
            <Group gap="xs" wrap="nowrap">
              <OrderSearch />
              <SchemeButton />
            </Group>
          </Group>
        </Container>
      </AppShell.Header>
      <AppShell.Main>
        <Container size="xl" px={0}>
          <OverviewPage />
        </Container>
      </AppShell.Main>
      <OrdersDrawer />
    </AppShell>
  );
}

function SchemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <ActionIcon
      variant="default"
      size="lg"
      onClick={() => setColorScheme(other)}
      aria-label={`Use the ${other} colours`}
    >
      {scheme === 'dark' ? '☀' : '☾'}
    </ActionIcon>
  );
}
