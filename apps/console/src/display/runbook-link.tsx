import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import { href } from '../address/href.ts';

interface RunbookLinkProps {
  /** A page below docs/, as the registry of reasons names it. */
  readonly runbook: string;
  /** What it is about, for those who hear the link without its row. */
  readonly about: string;
}

/** Leads to the page that says, step by step, what to do about a reason. */
export function RunbookLink({ runbook, about }: RunbookLinkProps) {
  return (
    <Anchor
      component={Link}
      href={href('/help', { doc: runbook })}
      size="sm"
      underline="always"
      className="nowrap"
      aria-label={`Runbook: ${about}`}
    >
      Runbook
    </Anchor>
  );
}
