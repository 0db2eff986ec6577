import type { Bucket } from '../api/balance.ts';

export const BUCKET_LABELS: Readonly<Record<Bucket, string>> = {
  verified: 'Verified',
  in_flight: 'In flight',
  uncaptured_contact: 'Uncaptured contact',
  withheld: 'Withheld by policy',
  failed: 'Failed',
  erased: 'Erased',
  not_a_sale: 'Not a sale',
};

/** Red only for money that is leaking now; the others differ in lightness too, for eyes that see no hue. */
export const BUCKET_COLORS: Readonly<Record<Bucket, string>> = {
  verified: '#0b7285',
  in_flight: '#66a9c9',
  uncaptured_contact: '#e8a33d',
  withheld: '#8a8fa3',
  failed: '#d6336c',
  erased: '#5c5f77',
  not_a_sale: '#c3c6d4',
};
