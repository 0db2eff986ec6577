import type { Answer, SellerClient } from './seller/client.ts';
import { readSeekAnswer } from './seek-answer.ts';

export interface SeekList {
  readonly marketplaceId: string;
  readonly path: string;
  /** What is asked for; beside a page token Mirakl ignores all of it. */
  readonly asked: URLSearchParams;
  /** What every call says, such as the shop. */
  readonly always?: Readonly<Record<string, string>>;
  /** The token of the page to begin at, of an earlier reading. */
  readonly resumeAt?: string | null;
  /** What the list holds, for the sentence about an answer that holds none. */
  readonly what: string;
}

export interface SeekPage {
  readonly entries: readonly unknown[];
  readonly nextPageToken: string | null;
  readonly answeredAt: Date;
}

/** A list in seek pages to its end (RT11, TL02, Connect). Throws MiraklError, and the signal's reason. */
export async function* seekPages(
  client: Pick<SellerClient, 'get'>,
  list: SeekList,
  signal: AbortSignal,
): AsyncIterable<SeekPage> {
  const { marketplaceId, path, asked, always = {}, what } = list;
  const read = ({ body, answeredAt }: Answer): SeekPage => ({
    ...readSeekAnswer(marketplaceId, body, what),
    answeredAt,
  });
  let token = list.resumeAt ?? null;
  for (let isFirst = true; isFirst || token !== null; isFirst = false) {
    const query = token === null ? asked : new URLSearchParams({ page_token: token, ...always });
    const page = await client.get(path, query, read, signal);
    yield page;
    token = page.nextPageToken;
  }
}
