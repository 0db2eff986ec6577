import { NavLink, Stack, Text } from '@mantine/core';
import { Link, useLocation } from 'wouter';
import { TIME_ZONE } from '../display/format.ts';
import { PAGES } from './pages.ts';

export function Navigation({ onLeave }: { onLeave: () => void }) {
  const [location] = useLocation();
  return (
    <Stack gap={2} h="100%" component="nav" aria-label="Pages">
      {PAGES.map(({ path, name, keys }) => {
        const isHere = path === '/' ? location === '/' : location.startsWith(path);
        return (
          <NavLink
            key={path}
            component={Link}
            href={path}
            label={name}
            active={isHere}
            aria-current={isHere ? 'page' : undefined}
            onClick={onLeave}
            rightSection={
              <span className="nav-key" aria-hidden="true">
                {keys}
              </span>
            }
          />
        );
      })}
      <Text size="xs" className="muted" mt="auto" px="sm" pb="xs">
        Times are in {TIME_ZONE}
      </Text>
    </Stack>
  );
}
