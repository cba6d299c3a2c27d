/** Two sets of answers to the same scripts. */
import { comparable } from './scripts/index.ts';
import type { Script } from './scripts/parts.ts';

/** Answers of one who runs scripts, a line at a time. */
export interface Runner {
  run(lines: readonly string[]): readonly string[];
}

/** The first line of each script that two runners answer otherwise, with the lines before it. */
export function differences(
  prelude: readonly string[],
  all: readonly Script[],
  first: Runner,
  second: Runner,
): readonly string[] {
  const lines = [...prelude, ...all.flatMap((one) => ['reset', ...one.lines])];
  const [ours, theirs] = [first.run(lines), second.run(lines)];
  if (ours.length !== lines.length || theirs.length !== lines.length) throw new Error('answers are missing');
  const found: string[] = [];
  let at = prelude.length;
  for (const script of all) {
    const answers = (from: readonly string[]): readonly string[] =>
      script.lines.map((line, i) => comparable(script, line, from[at + 1 + i]!));
    const [a, b] = [answers(ours), answers(theirs)];
    const wrong = script.lines.findIndex((line, i) => a[i] !== b[i] && !isGuess(script, line, a[i]!, b[i]!));
    if (wrong >= 0) {
      found.push(`${script.lines.slice(0, wrong + 1).join('\n')}\n  ${a[wrong]}\n  ${b[wrong]}`);
    }
    at += 1 + script.lines.length;
  }
  return found;
}

/** A bloom filter says yes to more than was put in. */
function isGuess({ shape }: Script, line: string, real: string, model: string): boolean {
  const asked = shape.type === 'bloom_filter' && line.startsWith('lookup');
  return asked && model === 'err 2' && real.startsWith('ok');
}
