export interface DocumentedCall {
  readonly method: string;
  /** Below /api/v1, parameters in braces. */
  readonly path: string;
}

/**
 * Calls that the API's document promises and that no controller answers, and the other way round. `controllers` are the
 * texts of the files in which NestJS's decorators stand.
 */
export function findUnhandledCalls(
  documented: readonly DocumentedCall[],
  controllers: readonly string[],
): string[] {
  const handled = new Set(controllers.flatMap(callsIn));
  const promised = new Set(documented.map(({ method, path }) => `${method} /api/v1${path}`));
  return [
    ...[...promised]
      .filter((call) => !handled.has(call))
      .map((call) => `${call} is documented and no controller answers it`),
    ...[...handled]
      .filter((call) => call.includes(' /api/v1') && !promised.has(call))
      .map((call) => `${call} is answered and not documented`),
  ];
}

function callsIn(text: string): readonly string[] {
  const [, ...classes] = text.split('@Controller(');
  return classes.flatMap((controller) => {
    const base = /^'([^']*)'/.exec(controller)?.[1] ?? '';
    return [...controller.matchAll(/@(Get|Post|Put|Delete|Sse)\((?:'([^']*)')?\)/g)].map(
      ([, decorator = '', below = '']) => {
        const method = decorator === 'Sse' ? 'GET' : decorator.toUpperCase();
        const path = [base, below].filter((part) => part !== '').join('/');
        return `${method} /${path.replaceAll(/:(\w+)/g, '{$1}')}`;
      },
    );
  });
}
