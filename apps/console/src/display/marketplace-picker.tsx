import { Select } from '@mantine/core';
import { useMarketplaceNames } from '../api/use-marketplaces.ts';

interface MarketplacePickerProps {
  readonly value: string;
  readonly onChange: (marketplaceId: string) => void;
  /** Nothing chosen means all of them. */
  readonly canBeAll?: boolean;
}

export function MarketplacePicker({ value, onChange, canBeAll = true }: MarketplacePickerProps) {
  const names = useMarketplaceNames();
  return (
    <Select
      size="xs"
      w={170}
      aria-label="Marketplace"
      placeholder="All marketplaces"
      data={[...names]}
      value={value === '' ? null : value}
      clearable={canBeAll}
      clearButtonProps={{ 'aria-label': 'All marketplaces' }}
      allowDeselect={canBeAll}
      onChange={(chosen) => onChange(chosen ?? '')}
    />
  );
}
