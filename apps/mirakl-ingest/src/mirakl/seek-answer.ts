import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { MiraklError } from './mirakl-errors.ts';
import { parseJson } from './parse-json.ts';

const validator = Compile(
  Type.Object({
    data: Type.Array(Type.Unknown()),
    next_page_token: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  }),
);

export interface SeekAnswer {
  readonly entries: readonly unknown[];
  /** Names the next page; null on the last one. */
  readonly nextPageToken: string | null;
}

/** Reads the body of a list in seek pages (RT11, TL02, Connect); throws MiraklError for anything that is not one. */
export function readSeekAnswer(marketplaceId: string, body: string, what: string): SeekAnswer {
  const parsed = parseJson(body);
  if (!validator.Check(parsed)) {
    throw new MiraklError(
      'unreadable_answer',
      `${marketplaceId}: the answer of Mirakl holds no list of ${what}`,
    );
  }
  return { entries: parsed.data, nextPageToken: parsed.next_page_token || null };
}
