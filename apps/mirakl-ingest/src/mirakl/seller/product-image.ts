import { readList, readObject, readText } from '../lenient-readers.ts';

/** The biggest picture first; an unknown kind is better than none. */
const PREFERRED = ['LARGE', 'ORIGINAL', 'MEDIUM', 'SMALL'];

/** Mirakl names pictures relative to its host (`/media/product/image/…`). Null when there is none. */
export function readImageUrl(medias: unknown, baseUrl: string): string | null {
  const urls = readList(medias)
    .map(readObject)
    .flatMap((media) => {
      const path = readText(media['media_url'], 2_000);
      return path === null ? [] : [{ path, rank: PREFERRED.indexOf(readText(media['type']) ?? '') }];
    })
    .sort((one, other) => rankOf(one.rank) - rankOf(other.rank))
    .map(({ path }) => URL.parse(path, baseUrl))
    .filter((url) => url !== null && /^https?:$/.test(url.protocol));
  return urls[0]?.href ?? null;
}

function rankOf(index: number): number {
  return index === -1 ? PREFERRED.length : index;
}
