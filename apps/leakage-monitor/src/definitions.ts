import { BUCKET_MEANINGS } from '@watertight/contracts';

/** What each number counts, in one sentence. The API, the console's hover texts and the docs all read it here. */
export const DEFINITIONS = {
  ...BUCKET_MEANINGS,
  source:
    "Orders that Mirakl itself counts at the settled cut, with Mirakl's latest word on their amounts. For a part of the time, and before the first settled audit, the orders that Mirakl has shown",
  captured: 'Orders in the ledger: the sum of the seven buckets',
  difference:
    'What Mirakl counts less the sum of the seven buckets. Anything but 0 is a gap that nobody has explained',
  settled:
    "The newest audit (Mirakl's own count) after which a complete poll was published and folded: from then on both sides speak of the same orders",
  leaking:
    'Orders that are not verified and could be: failed, without a usable contact, withheld or in flight',
  leakingNow:
    'Orders that failed or gave no usable contact: Klaviyo does not know their buyers, and only a person can change that',
  recovered:
    'Orders that were once failed, withheld or without a usable contact and have since been verified, by the week they were verified in',
  unknownMoney: 'Orders whose amount is not known; they count in number and are in no sum of money',
  orderAmount:
    'What the buyer pays the seller, as Mirakl has it now: total price, plus taxes that are payable to the shop; cancelations have lowered it, refunds are shown beside it',
  directShare: 'Orders with a direct address as a share of all orders whose contact was judged',
  optInRate:
    'Buyers who are subscribed and not suppressed as a share of the buyers whose consent Klaviyo has told us',
  mailable: 'Buyers who are subscribed in Klaviyo and not suppressed there',
  neverSubscribed: 'Buyers known to Klaviyo who have never given or withdrawn consent',
  unsubscribed: 'Buyers who have withdrawn their consent in Klaviyo',
  suppressed: 'Buyers whom Klaviyo refuses to mail, whatever their consent',
  stale: 'The last complete poll is older than three poll intervals',
  sales:
    'What buyers ordered in the month, before cancelations and refunds; orders refused or cancelled before acceptance are no sales',
  cancelations: 'What was cancelled of these orders after acceptance',
  refunds: 'What was paid back for these orders, refunds that are completed, whenever that was',
  refundsBooked: 'Refunds completed in the month, whichever month their orders are of',
  net: 'Sales less cancelations less refunds',
  withoutTax: 'Sales less cancelations without tax, as far as Mirakl says how much tax there is',
  delivered: 'Net of the orders whose every buyer event was read back from Klaviyo',
  notDelivered: 'Net less delivered: explained order by order, by bucket',
  transactionMatched: "Refunds whose line in Mirakl's transaction log has the same amount",
  transactionMissing: "Completed refunds without a line in Mirakl's transaction log",
  transactionDifferent: "Refunds whose line in Mirakl's transaction log has another amount",
  campaignReady:
    'Every marketplace of the channel is fresh, and no order of the selection is in flight or failed',
  coverage:
    'Share of the source fields seen on orders that an attribute mapping names, each weighed by the money of its orders',
  lagMessages: 'Records on the topic that the group has not yet dealt with',
  lagSeconds: 'Age of the oldest record that the group has not yet dealt with',
  deadLetters: 'Records that could not succeed unchanged and are kept with their bytes, for 30 days',
  inDoubt: 'Events that may have reached Klaviyo; no answer came, so they are looked up before they go again',
  quotaUsed: "Requests of the last full window as a share of Klaviyo's limit for it",
  moneyAtRisk: 'Money of the orders of the last 30 days that are failed, or in flight for more than an hour',
  newException: 'Opened in the week for the first time for its cause and marketplace',
  recurringException:
    'Opened in the week, and in at least one of the four weeks before, for the same cause and marketplace',
} as const satisfies Readonly<Record<string, string>>;
