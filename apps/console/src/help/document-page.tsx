import { Anchor, Stack, Typography } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import Markdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { Link } from 'wouter';
import { href } from '../address/href.ts';
import { Loaded } from '../display/states.tsx';
import { readDocument } from './documents.ts';

/** One handover document or runbook, as it stands in docs/. */
export function DocumentPage({ path, onBack }: { path: string; onBack: () => void }) {
  const text = useQuery({ queryKey: ['document', path], queryFn: () => readDocument(path), retry: false });
  return (
    <Stack gap="md">
      <Anchor component="button" type="button" size="sm" ta="left" onClick={onBack}>
        ← Help
      </Anchor>
      <Loaded query={text} lines={12}>
        {(markdown) => (
          <Typography className="card">
            <Markdown
              remarkPlugins={[remarkGfm]}
              components={{
                a: ({ href: to = '', children }) => {
                  const doc = documentBehind(path, to);
                  return doc === undefined ? (
                    <a href={to} rel="noreferrer">
                      {children}
                    </a>
                  ) : (
                    <Link href={href('/help', { doc })}>{children}</Link>
                  );
                },
              }}
            >
              {markdown}
            </Markdown>
          </Typography>
        )}
      </Loaded>
    </Stack>
  );
}

/** The document that a relative link leads to; undefined for a link that leads elsewhere. */
function documentBehind(from: string, to: string): string | undefined {
  if (to.includes('://') || !/\.md(#.*)?$/.test(to)) return undefined;
  return new URL(to, `http://docs/${from}`).pathname.slice(1);
}
