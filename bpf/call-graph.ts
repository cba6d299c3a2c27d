/** What functions come to by calls and by addresses that they pass on. */
import type { BpfFunction } from './object.ts';

/**
 * `entries`, then those of `functions` that they come to, each once, in the order of first mention, breadth first.
 * `mentions`: names of what one function comes to; asked once for each.
 */
export function callClosure(
  entries: readonly BpfFunction[],
  functions: readonly BpfFunction[],
  mentions: (one: BpfFunction) => Iterable<string> = functionsNamedBy,
): readonly BpfFunction[] {
  const byName = new Map(functions.map((one) => [one.name, one]));
  const seen = new Set(entries.map(({ name }) => name));
  const order = [...entries];
  // `order` grows while it is walked.
  for (const one of order) {
    for (const name of mentions(one)) {
      const target = byName.get(name);
      if (target === undefined || seen.has(name)) continue;
      seen.add(name);
      order.push(target);
    }
  }
  return order;
}

/** `isCounted`: of which instructions, by their index. */
export function* functionsNamedBy(
  { instructions }: BpfFunction,
  isCounted: (index: number) => boolean = () => true,
): Generator<string, void, undefined> {
  for (const [index, { ref }] of instructions.entries()) {
    if (ref?.kind === 'function' && isCounted(index)) yield ref.name;
  }
}
