import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One Markdown file. */
export interface Document {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Every file that git knows or would take, whose path fits. */
export function listFiles(root: string, fits: (path: string) => boolean): readonly string[] {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 50_000_000,
  })
    .split('\n')
    .filter((path) => path !== '' && fits(path) && existsSync(join(root, path)))
    .sort();
}

export function readDocuments(root: string): readonly Document[] {
  return listFiles(root, (path) => path.endsWith('.md')).map((path) => ({
    path,
    text: readFileSync(join(root, path), 'utf8'),
  }));
}

/** The text without fenced blocks. */
export function proseOf(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, '');
}

/** Texts in backticks, outside fenced blocks. */
export function inlineCodeOf(text: string): readonly string[] {
  return [...proseOf(text).matchAll(/`([^`\n]+)`/g)].flatMap(([, code]) => code ?? []);
}

/** Lines of fenced shell blocks, continuation lines joined, without comments. */
export function shellLinesOf(text: string): readonly string[] {
  return [...text.matchAll(/^```(?:sh|bash|shell)\n([\s\S]*?)^```/gm)]
    .flatMap(([, block = '']) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
