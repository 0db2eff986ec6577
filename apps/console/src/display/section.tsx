import { Anchor, Group, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { Link } from 'wouter';
import { href } from '../address/href.ts';
import { PAGE_DOCUMENTS } from '../help/page-documents.ts';

interface SectionProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly tone?: 'leaking' | 'calm' | undefined;
  readonly children: ReactNode;
}

/** A card with a heading that names it for screen readers. */
export function Section({ title, note, actions, tone, children }: SectionProps) {
  const id = useId();
  return (
    <section className={tone === undefined ? 'card' : `card ${tone}`} aria-labelledby={id}>
      <Group justify="space-between" align="flex-start" gap="sm" mb="sm">
        <div>
          <Title order={2} id={id}>
            {title}
          </Title>
          {note !== undefined && (
            <Text size="sm" className="muted" component="div">
              {note}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </section>
  );
}

/** The head of a page: its name, the question that it answers, the document that explains it, what one can do. */
export function PageHead({
  title,
  question,
  children,
}: {
  title: string;
  question: string;
  children?: ReactNode;
}) {
  const help = PAGE_DOCUMENTS[title];
  return (
    <Group justify="space-between" align="flex-end" gap="sm">
      <div>
        <Title order={1}>{title}</Title>
        <Text size="sm" className="muted">
          {question}
          {help !== undefined && (
            <>
              {' '}
              <Anchor component={Link} href={href('/help', { doc: help.doc })} size="sm" underline="always">
                {help.label}
              </Anchor>
            </>
          )}
        </Text>
      </div>
      {children !== undefined && <Group gap="xs">{children}</Group>}
    </Group>
  );
}
