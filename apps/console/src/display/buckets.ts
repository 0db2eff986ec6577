export const BUCKETS = [
  'verified',
  'in_flight',
  'uncaptured_contact',
  'withheld',
  'failed',
  'erased',
  'not_a_sale',
] as const;
export type Bucket = (typeof BUCKETS)[number];

export const BUCKET_LABELS: Readonly<Record<Bucket, string>> = {
  verified: 'Verified',
  in_flight: 'In flight',
  uncaptured_contact: 'No contact',
  withheld: 'Withheld',
  failed: 'Failed',
  erased: 'Erased',
  not_a_sale: 'Not a sale',
};

/** Told apart by lightness as well as by hue, so they survive colour blindness and print. Only `failed` is red. */
export const BUCKET_COLORS: Readonly<Record<Bucket, string>> = {
  verified: '#0b7285',
  in_flight: '#66a9c9',
  uncaptured_contact: '#e8a33d',
  withheld: '#8a8fa3',
  failed: '#c2255c',
  erased: '#5c5f77',
  not_a_sale: '#c3c6d4',
};

export function isBucket(text: string): text is Bucket {
  return BUCKETS.some((bucket) => bucket === text);
}
