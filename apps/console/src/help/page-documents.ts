/** The document that explains how a page is worked with, below docs/, by the page's title. */
export const PAGE_DOCUMENTS: Readonly<Record<string, { readonly doc: string; readonly label: string }>> = {
  Overview: { doc: 'handover/README.md', label: 'Who decides what' },
  Orders: { doc: 'flows/order/README.md', label: 'How an order travels' },
  Exceptions: { doc: 'generated/exceptions.md', label: 'Every kind of exception' },
  Marketplaces: { doc: 'handover/add-a-marketplace.md', label: 'Adding a marketplace' },
  Mapping: { doc: 'flows/order/data-mapping.md', label: 'What is mapped without asking' },
  'Campaign check': { doc: 'handover/before-a-campaign.md', label: 'Before a campaign' },
  'Weekly review': { doc: 'handover/weekly-review.md', label: 'The agenda' },
  Finance: { doc: 'handover/month-end.md', label: 'Month-end, with an example' },
  Operations: { doc: 'flows/backfill/README.md', label: 'How a backfill works' },
};
