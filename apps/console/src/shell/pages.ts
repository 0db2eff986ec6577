export interface Page {
  readonly path: string;
  readonly name: string;
  /** What the page answers. */
  readonly question: string;
  /** Keys that lead there: one letter, or `g` and a letter. */
  readonly keys: string;
}

/** Every page, in the order of the navigation. */
export const PAGES = [
  { path: '/', name: 'Overview', question: 'Is anything leaking, how much, whose job?', keys: 'g h' },
  { path: '/orders', name: 'Orders', question: 'What happened to this order?', keys: 'g o' },
  { path: '/exceptions', name: 'Exceptions', question: 'What do I have to do today?', keys: 'e' },
  { path: '/marketplaces', name: 'Marketplaces', question: 'Is each source healthy?', keys: 'g m' },
  {
    path: '/mapping',
    name: 'Mapping',
    question: 'What does the catalogue carry that we drop?',
    keys: 'g p',
  },
  {
    path: '/campaign-check',
    name: 'Campaign check',
    question: 'May I launch to these buyers now?',
    keys: 'g c',
  },
  {
    path: '/review',
    name: 'Weekly review',
    question: 'How did the week go, what repeats, who decides what?',
    keys: 'g w',
  },
  { path: '/finance', name: 'Finance', question: 'Does the month reconcile?', keys: 'g f' },
  { path: '/operations', name: 'Operations', question: 'Is the machinery well?', keys: 'g s' },
  { path: '/help', name: 'Help', question: 'What does this word mean?', keys: '?' },
] as const satisfies readonly Page[];
