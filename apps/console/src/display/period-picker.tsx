import { Group, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { isPeriodName, nameOfPeriod, type Period, PERIODS, periodOf } from './period.ts';

interface PeriodPickerProps {
  readonly period: Period;
  readonly onChange: (period: Period) => void;
}

const CHOICES = Object.entries(PERIODS).map(([value, label]) => ({ value, label }));

/** Orders created in which days. */
export function PeriodPicker({ period, onChange }: PeriodPickerProps) {
  const [isCustom, setCustom] = useState(false);
  const name = isCustom ? 'custom' : nameOfPeriod(period, new Date());
  return (
    <Group gap="xs">
      <Select
        size="xs"
        w={140}
        aria-label="Period, by the day of the order"
        data={CHOICES}
        value={name}
        allowDeselect={false}
        onChange={(value) => {
          if (value === null || !isPeriodName(value)) return;
          setCustom(value === 'custom');
          if (value !== 'custom') onChange(periodOf(value, new Date()));
        }}
      />
      {name === 'custom' && (
        <>
          <TextInput
            size="xs"
            type="date"
            aria-label="From the day"
            value={period.from}
            onChange={(event) => onChange({ ...period, from: event.currentTarget.value })}
          />
          <TextInput
            size="xs"
            type="date"
            aria-label="To the day, included"
            value={period.to}
            onChange={(event) => onChange({ ...period, to: event.currentTarget.value })}
          />
        </>
      )}
    </Group>
  );
}
