import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { MiraklError } from '../mirakl-errors.ts';
import { parseJson } from '../parse-json.ts';

const validator = Compile(
  Type.Object({
    data: Type.Array(Type.Unknown()),
    next_page_token: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  }),
);

export interface ReturnAnswer {
  readonly returns: readonly unknown[];
  /** Names the next page; null on the last one. */
  readonly nextPageToken: string | null;
}

/** Reads the body of an RT11 answer; throws MiraklError for anything that is not a list. */
export function readReturnAnswer(marketplaceId: string, body: string): ReturnAnswer {
  const parsed = parseJson(body);
  if (!validator.Check(parsed)) {
    throw new MiraklError(
      'unreadable_answer',
      `${marketplaceId}: the answer of Mirakl holds no list of returns`,
    );
  }
  return { returns: parsed.data, nextPageToken: parsed.next_page_token || null };
}
