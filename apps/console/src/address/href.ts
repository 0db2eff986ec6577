/** An address of the console with its filters; empty ones are left out. */
export function href(
  path: string,
  filters: Readonly<Record<string, string | null | undefined>> = {},
): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    if (value !== '' && value !== null && value !== undefined) params.set(name, value);
  }
  const search = params.toString();
  return search === '' ? path : `${path}?${search}`;
}

/** Only the filters that say something: what the API is asked for. */
export function wanted<Name extends string>(
  filters: Readonly<Record<Name, string>>,
): Partial<Record<Name, string>> {
  const said: Partial<Record<Name, string>> = {};
  for (const name in filters) if (filters[name] !== '') said[name] = filters[name];
  return said;
}
