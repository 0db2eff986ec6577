import { AppShell, Badge, Burger, Group, Text, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useCallback, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { useLive } from '../api/use-live.ts';
import { Navigation } from './navigation.tsx';
import { PageBoundary } from './page-boundary.tsx';
import { Pages } from './routes.tsx';
import { SchemeButton } from './scheme-button.tsx';
import { SearchBox } from './search-box.tsx';
import { useShortcuts } from './use-shortcuts.ts';
import { WhoAmI } from './who-am-i.tsx';

export function Console() {
  const isLive = useLive();
  const [location] = useLocation();
  const [isOpen, navigation] = useDisclosure(false);
  const search = useRef<HTMLInputElement>(null);
  const focusSearch = useCallback(() => search.current?.focus(), []);
  useShortcuts(focusSearch);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 216, breakpoint: 'md', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <AppShell.Header>
        <Group h="100%" px={{ base: 'sm', sm: 'lg' }} gap="sm" wrap="nowrap">
          <Burger
            opened={isOpen}
            onClick={navigation.toggle}
            hiddenFrom="md"
            size="sm"
            aria-label={isOpen ? 'Close the navigation' : 'Open the navigation'}
          />
          <Link href="/" className="brand" aria-label="Watertight, to the overview">
            <img src="/icon.svg" width={26} height={26} alt="" />
            <Text fw={700} visibleFrom="xs" component="span">
              Watertight
            </Text>
          </Link>
          <LiveBadge isLive={isLive} />
          <Group gap="xs" wrap="nowrap" ml="auto" flex={1} justify="flex-end">
            <SearchBox input={search} />
            <WhoAmI />
            <SchemeButton />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs">
        <Navigation onLeave={navigation.close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <PageBoundary key={location}>
          <Pages />
        </PageBoundary>
      </AppShell.Main>
    </AppShell>
  );
}

function LiveBadge({ isLive }: { isLive: boolean }) {
  return (
    <Tooltip
      w={240}
      label={
        isLive
          ? 'Changes appear as they happen.'
          : 'The live connection is down. Figures are still read every few seconds.'
      }
    >
      <Badge
        variant="dot"
        color={isLive ? 'teal' : 'gray'}
        size="sm"
        aria-live="polite"
        tabIndex={0}
        visibleFrom="xs"
      >
        {isLive ? 'live' : 'polling'}
      </Badge>
    </Tooltip>
  );
}
