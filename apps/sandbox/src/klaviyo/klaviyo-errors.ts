/** One entry of Klaviyo's error document. */
export interface KlaviyoProblem {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly source?:
    { readonly pointer: string } | { readonly parameter: string } | { readonly header: string };
  readonly meta?: Readonly<Record<string, string>>;
}

/** An answer that Klaviyo gives instead of data; every problem found is in it. */
export class KlaviyoRefusal extends Error {
  constructor(
    readonly status: number,
    readonly problems: readonly KlaviyoProblem[],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(problems.map((problem) => problem.code).join(', '));
  }
}

/** A wrong value in a body, named by its JSON pointer. */
export function invalidAt(pointer: string, detail: string): KlaviyoProblem {
  return { code: 'invalid', title: 'Invalid input.', detail, source: { pointer } };
}

/** A wrong query parameter. */
export function invalidParameter(parameter: string, detail: string): KlaviyoRefusal {
  return new KlaviyoRefusal(400, [
    { code: 'invalid', title: 'Invalid input.', detail, source: { parameter } },
  ]);
}
