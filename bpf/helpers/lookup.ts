/** Helpers by name and by number. */
import type { Helper, HelperName } from './helper.ts';
import { HELPERS } from './helpers.gen.ts';

const BY_NAME: ReadonlyMap<string, Helper> = new Map(HELPERS.map((helper) => [helper.name, helper]));

/** The row of a helper. */
export function helper(name: HelperName): Helper {
  return BY_NAME.get(name)!;
}

/** The row of a name from outside, with or without `bpf_`. */
export function findHelper(name: string): Helper | undefined {
  return BY_NAME.get(name.startsWith('bpf_') ? name.slice(4) : name);
}

/** The row of a number in `enum bpf_func_id`. */
export function helperById(id: number): Helper | undefined {
  // Ids are dense from 1.
  return HELPERS[id - 1];
}
