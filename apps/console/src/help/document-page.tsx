import { Anchor, Stack, Typography } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
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
                h3: ({ children }) => <Heading wanted={path.split('#')[1]}>{children}</Heading>,
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

/** A heading that the page was opened for comes into view by itself. */
function Heading({ wanted, children }: { wanted: string | undefined; children?: ReactNode }) {
  const id = anchorOf(String(children));
  const element = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (id === wanted) element.current?.scrollIntoView({ block: 'center' });
  }, [id, wanted]);
  return (
    <h3 id={id} ref={element}>
      {children}
    </h3>
  );
}

/** The anchor that GitHub gives a heading, for headings of one plain text. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-');
}

/** The document that a relative link leads to; undefined for a link that leads elsewhere. */
function documentBehind(from: string, to: string): string | undefined {
  if (to.includes('://') || !/\.md(#.*)?$/.test(to)) return undefined;
  const { pathname, hash } = new URL(to, `http://docs/${from}`);
  return `${pathname}${hash}`.slice(1);
}
