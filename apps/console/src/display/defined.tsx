import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';

/** A number's name with the one sentence that says what it counts, on hover and on focus. */
export function Defined({ children, as: definition }: { children: ReactNode; as: string | undefined }) {
  if (definition === undefined || definition === '') return children;
  return (
    <Tooltip label={definition}>
      <span className="defined" tabIndex={0}>
        {children}
      </span>
    </Tooltip>
  );
}
