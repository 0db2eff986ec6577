import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';

export function SchemeButton() {
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
