import { Stack } from '@mantine/core';
import { useFilters } from '../address/use-filters.ts';
import { api } from '../api/client.ts';
import { MarketplacePicker } from '../display/marketplace-picker.tsx';
import { PageHead } from '../display/section.tsx';
import { Empty, Loaded } from '../display/states.tsx';
import { CoverageTable } from './coverage-table.tsx';
import { MappingEditor } from './mapping-editor.tsx';

const FILTERS = ['marketplace'] as const;

/** What does the catalogue carry that we drop? */
export function MappingPage() {
  const [{ marketplace }, change] = useFilters(FILTERS);
  const coverage = api.useQuery('get', '/mapping/coverage', {}, { refetchInterval: 30_000 });
  return (
    <Stack gap="md">
      <PageHead title="Mapping" question="What does the catalogue carry that we drop?">
        <MarketplacePicker
          value={marketplace === '' ? (coverage.data?.marketplaces[0]?.marketplaceId ?? '') : marketplace}
          canBeAll={false}
          onChange={(id) => change({ marketplace: id })}
        />
      </PageHead>
      <Loaded query={coverage} lines={12}>
        {({ marketplaces }) => {
          const chosen =
            marketplaces.find(({ marketplaceId }) => marketplaceId === marketplace) ?? marketplaces[0];
          return chosen === undefined ? (
            <Empty title="No fields seen yet">
              The mapper counts every field that Mirakl sends, with the money of its orders; they appear with
              the first orders.
            </Empty>
          ) : (
            <MappingEditor key={chosen.marketplaceId} marketplaceId={chosen.marketplaceId}>
              {(add) => <CoverageTable coverage={chosen} onMap={add} />}
            </MappingEditor>
          );
        }}
      </Loaded>
    </Stack>
  );
}
