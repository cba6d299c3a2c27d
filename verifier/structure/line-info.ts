/** Source lines of the program as the loader gave them (`check_btf_line`). */
import type { Environment } from '../environment.ts';
import {
  lineInfoInsideWideLoad,
  lineInfoOffset,
  lineInfoText,
  missingLineInfoAtEnd,
  missingLineInfoOfFunction,
} from '../messages.gen.ts';

/** @throws Rejection */
export function checkLineInfo(env: Environment): void {
  const { lines = [] } = env.input;
  if (lines.length === 0) return;
  const count = env.subprograms.length - 1;
  let next = 0;
  let previous = 0;
  for (const [index, { slot, malformed }] of lines.entries()) {
    if ((index > 0 && slot <= previous) || slot >= env.insns.length) {
      throw lineInfoOffset({ index, slot, previous, length: env.insns.length });
    }
    if (env.insns[slot]!.code === 0) throw lineInfoInsideWideLoad({ index });
    if (malformed === true) throw lineInfoText({ index });
    if (next < count) {
      const { start } = env.subprograms[next]!;
      if (slot === start) next++;
      else if (start < slot) throw missingLineInfoOfFunction({ number: next });
    }
    previous = slot;
  }
  if (next !== count) throw missingLineInfoAtEnd({ missing: count - next, number: next });
}
