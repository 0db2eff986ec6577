import { Button, Group, Stack, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { FirstFailure } from '../display/states.tsx';

/** One of the two steps: asks the monitor, and says how that goes. */
interface Step {
  readonly mutate: () => void;
  readonly isPending: boolean;
  readonly error: unknown;
}

interface TwoStepFormProps {
  readonly preview: Step;
  readonly act: Step;
  /** The preview has been seen and there is something to do. */
  readonly canAct: boolean;
  readonly isFilled: boolean;
  readonly previewLabel: string;
  readonly actLabel: string;
  readonly onCancel: () => void;
  /** The fields, and what the preview said. */
  readonly children: ReactNode;
}

/** A form whose button first shows what would happen, and only then does it. */
export function TwoStepForm(props: TwoStepFormProps) {
  const { preview, act, canAct, isFilled, previewLabel, actLabel, onCancel, children } = props;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (canAct) act.mutate();
        else preview.mutate();
      }}
    >
      <Stack gap="sm">
        {children}
        <FirstFailure errors={[preview.error, act.error]} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={preview.isPending || act.isPending} disabled={!isFilled}>
            {canAct ? actLabel : previewLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface EmailFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (email: string) => void;
}

/** Somebody's address: never offered again by the browser. */
export function EmailField({ label, value, onChange }: EmailFieldProps) {
  return (
    <TextInput
      label={label}
      type="email"
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data-autofocus
    />
  );
}
