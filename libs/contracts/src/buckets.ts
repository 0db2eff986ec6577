/** Where an order is. Every order is in exactly one bucket; together they equal what Mirakl counts. */
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

/** One definition per bucket: shown in the console, in the API's document and in the docs. */
export const BUCKET_MEANINGS: Readonly<Record<Bucket, string>> = {
  verified: 'Every buyer event of the order was read back from Klaviyo',
  in_flight: 'On the way: captured, mapped or accepted, not yet read back',
  uncaptured_contact: 'The marketplace gives no address that may be used for this order',
  withheld: 'The policy in marketplaces.yaml says not to send it',
  failed: 'A step refused it for good; a person must act',
  erased: 'The buyer was erased; only a keyed hash is kept',
  not_a_sale: 'Refused, or cancelled before it was accepted',
};
