import { Stack } from '@mantine/core';
import { useFilters } from '../address/use-filters.ts';
import { api } from '../api/client.ts';
import { PageHead } from '../display/section.tsx';
import { Empty, Loaded } from '../display/states.tsx';
import { MarketplaceCard } from './marketplace-card.tsx';
import { MarketplaceDetails } from './marketplace-details.tsx';

const NAMES = ['marketplace'] as const;

/** Is each source healthy? */
export function MarketplacesPage() {
  const [{ marketplace }, change] = useFilters(NAMES);
  const answer = api.useQuery('get', '/marketplaces', {}, { refetchInterval: 10_000 });
  return (
    <Stack gap="md">
      <PageHead title="Marketplaces" question="Is each source healthy?" />
      <Loaded query={answer} lines={12}>
        {({ marketplaces }) => {
          const chosen = marketplaces.find(({ id }) => id === marketplace);
          if (chosen !== undefined) {
            return <MarketplaceDetails marketplace={chosen} onBack={() => change({ marketplace: '' })} />;
          }
          return marketplaces.length === 0 ? (
            <Empty title="No marketplaces yet">
              Each marketplace is an entry in marketplaces.yaml; it appears here as soon as the services have
              read it.
            </Empty>
          ) : (
            <Stack gap="md">
              {marketplaces.map((one) => (
                <MarketplaceCard
                  key={one.id}
                  marketplace={one}
                  onOpen={() => change({ marketplace: one.id })}
                />
              ))}
            </Stack>
          );
        }}
      </Loaded>
    </Stack>
  );
}
