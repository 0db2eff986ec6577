import { at } from '../kubernetes/manifest.ts';

/** What `npm audit --json` said: how many holes are grave, or why nothing is known. */
export type AuditAnswer =
  { readonly known: true; readonly grave: number } | { readonly known: false; readonly because: string };

/** Not every registry answers the question; then nothing is known, which is not the same as nothing being wrong. Pure. */
export function readAudit(stdout: string): AuditAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(stdout);
  } catch {
    return { known: false, because: 'npm gave no answer in time' };
  }
  const counts = at(answer, 'metadata', 'vulnerabilities');
  const [high, critical] = [at(counts, 'high'), at(counts, 'critical')];
  if (typeof high === 'number' && typeof critical === 'number')
    return { known: true, grave: high + critical };
  const status = at(answer, 'statusCode');
  if (typeof status === 'number') return { known: false, because: `the registry answers ${status} to it` };
  const summary = at(answer, 'error', 'summary') ?? at(answer, 'message');
  return {
    known: false,
    because: typeof summary === 'string' && summary !== '' ? summary : 'no counts in it',
  };
}
