import type { Call, Endpoint } from '../endpoints.ts';
import { tiers } from '../quota.ts';
import type { AssetBook } from './asset-book.ts';
import { createSegment, getSegment, listSegments, updateSegment } from './segments.ts';
import { createTemplate, getTemplate, listTemplates, updateTemplate } from './templates.ts';

const { xs, l } = tiers;

/**
 * Segments and templates. Klaviyo also allows only 100 writes of segments a day; the double does not count days.
 * `book` is asked for at each call: a reset gives the account a new one.
 */
export function assetEndpoints(book: () => AssetBook): readonly Endpoint[] {
  const change = ({ body, nowMs, asked }: Call): Pick<Call, 'body' | 'nowMs' | 'asked'> => ({
    body,
    nowMs,
    asked,
  });
  return [
    read('/api/segments', 'segments', (call) => listSegments(book(), call.asked)),
    read('/api/segments/:id', 'segments', (call) => getSegment(book(), call.id, call.asked)),
    read('/api/templates', 'templates', (call) => listTemplates(book(), call.asked)),
    read('/api/templates/:id', 'templates', (call) => getTemplate(book(), call.id, call.asked)),
    {
      ...write('POST', '/api/segments', 'segments'),
      tier: xs,
      answer: ({ body, nowMs, asked }) => ({ status: 201, body: createSegment(book(), body, nowMs, asked) }),
    },
    {
      ...write('PATCH', '/api/segments/:id', 'segments'),
      tier: xs,
      answer: (call) => ({ status: 200, body: updateSegment(book(), call.id, change(call)) }),
    },
    {
      ...write('POST', '/api/templates', 'templates'),
      tier: l,
      answer: ({ body, nowMs, asked }) => ({ status: 201, body: createTemplate(book(), body, nowMs, asked) }),
    },
    {
      ...write('PATCH', '/api/templates/:id', 'templates'),
      tier: l,
      answer: (call) => ({ status: 200, body: updateTemplate(book(), call.id, change(call)) }),
    },
  ];
}

type Kind = 'segments' | 'templates';
type Find = (call: Call) => ReturnType<typeof getSegment>;

function read(path: string, kind: Kind, find: Find): Endpoint {
  return {
    method: 'GET',
    path,
    tier: l,
    scopes: [`${kind}:read`],
    answer: (call) => ({ status: 200, body: find(call) }),
  };
}

function write(
  method: 'POST' | 'PATCH',
  path: string,
  kind: Kind,
): Pick<Endpoint, 'method' | 'path' | 'scopes'> {
  return { method, path, scopes: [`${kind}:write`] };
}
