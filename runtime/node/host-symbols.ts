/** Names in `/proc/kallsyms` of this machine, read when the first is asked for. Undefined where nobody may read it. */
import { existsSync, readFileSync } from 'node:fs';
import { lazy } from '../snapshot/lazy.ts';

const PATH = '/proc/kallsyms';

export function hostSymbols(): { has(name: string): boolean } | undefined {
  if (!existsSync(PATH)) return undefined;
  const names = lazy(() => {
    const lines = readFileSync(PATH, 'latin1').split('\n');
    return new Set(lines.map((line) => line.split(/\s/, 3)[2]));
  });
  return { has: (name) => names().has(name) };
}
