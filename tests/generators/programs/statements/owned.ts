/** Objects that must be given back: whoever acquires one uses and releases it through here. */
import { type Body, NONE, OTHER } from '../body.ts';

type Release = (b: Body, register: number) => void;

/** Keeps what r0 points to, if it does, uses it and gives it back. */
export function owned(b: Body, use: (register: number) => void, release: Release): void {
  const { dice } = b;
  const object = b.home();
  b.op('mov64_x', object, 0);
  const lost = b.join();
  if (!dice.wrong()) b.jump('jeq_k', dice.chance(0.5) ? 0 : object, 0, 0, lost);
  b.set(object, OTHER);
  b.set(0, NONE);
  const outer = b.bail;
  b.bail = undefined;
  b.references++;
  use(object);
  if (dice.chance(0.3)) {
    const { held } = b;
    b.nesting++;
    b.plan.block(b, 1);
    b.nesting--;
    b.held = held;
  }
  b.references--;
  const failed = b.bail as ReturnType<Body['join']> | undefined;
  b.bail = outer;
  if (failed !== undefined) b.arrive(failed);
  if (dice.wrong()) return;
  b.op('mov64_x', 1, object);
  release(b, object);
  if (dice.wrong()) b.op('ldx64', 0, object, 0);
  b.set(object, NONE);
  b.set(0, NONE);
  b.arrive(lost);
  b.set(object, NONE);
}
