import { isRecord } from './manifest.ts';

/**
 * A copy with the operations of RFC 6902 applied, as far as k8s/ uses them: `add` (also at the end of a list, `-`),
 * `replace` and `remove`. Throws for any other, and for a path that is not there.
 */
export function applyPatch(target: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations)) throw new TypeError('a JSON patch is a list of operations');
  return operations.reduce<unknown>((value, operation) => {
    if (!isRecord(operation) || typeof operation['path'] !== 'string')
      throw new TypeError('an operation without a path');
    const path = operation['path']
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    return change(value, path, String(operation['op']), operation['value']);
  }, target);
}

function change(value: unknown, path: readonly string[], op: string, content: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) throw new TypeError('a path must name a field');
  if (Array.isArray(value)) return changeList(value, step, rest, { op, content });
  if (!isRecord(value)) throw new TypeError(`there is nothing at ${step}`);
  if (rest.length > 0) return { ...value, [step]: change(value[step], rest, op, content) };
  if (op === 'add') return { ...value, [step]: content };
  if (!(step in value)) throw new TypeError(`there is no ${step}`);
  if (op === 'replace') return { ...value, [step]: content };
  if (op === 'remove') return Object.fromEntries(Object.entries(value).filter(([key]) => key !== step));
  throw new TypeError(`the operation ${op} is not applied here`);
}

function changeList(
  list: readonly unknown[],
  step: string,
  rest: readonly string[],
  { op, content }: { op: string; content: unknown },
): unknown {
  const index = step === '-' ? list.length : Number(step);
  if (rest.length > 0) return list.with(index, change(list[index], rest, op, content));
  if (op === 'add') return list.toSpliced(index, 0, content);
  if (op === 'replace') return list.with(index, content);
  if (op === 'remove') return list.toSpliced(index, 1);
  throw new TypeError(`the operation ${op} is not applied here`);
}
