/** How deep calls nest: Linux follows eight frames (MAX_CALL_FRAMES), callbacks of helpers included. */
import type { IrModule } from '../ir/ir.ts';
import { calleesOf } from './stack-depth.ts';

export const MOST_FRAMES = 8;

/** The longest chain of calls of each function that nobody calls, outermost first, where it is too long. */
export function deepCalls({ functions }: IrModule): readonly (readonly string[])[] {
  const callees = new Map(functions.map((fn) => [fn.name, calleesOf(fn)]));
  const called = new Set([...callees.values()].flat());
  const known = new Map<string, readonly string[]>();
  const chainOf = (name: string): readonly string[] => {
    const done = known.get(name);
    if (done !== undefined) return done;
    // Recursion was refused; a circle ends here all the same.
    known.set(name, []);
    let longest: readonly string[] = [];
    for (const callee of callees.get(name) ?? []) {
      const chain = chainOf(callee);
      if (chain.length > longest.length) longest = chain;
    }
    const chain = [name, ...longest];
    known.set(name, chain);
    return chain;
  };
  const roots = functions.filter(({ name }) => !called.has(name));
  return roots.map(({ name }) => chainOf(name)).filter(({ length }) => length > MOST_FRAMES);
}
