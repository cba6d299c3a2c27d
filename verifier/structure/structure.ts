/** What is checked and computed before the walk, in the kernel's order (`bpf_check` up to `do_check_main`). */
import type { Environment } from '../environment.ts';
import { Subprogram } from '../subprogram.ts';

/** @throws Rejection */
export function analyseStructure(env: Environment): void {
  env.subprograms = [new Subprogram(0), new Subprogram(env.insns.length)];
}

/** After the walk: `check_max_stack_depth`. @throws Rejection */
export function checkStackDepth(_env: Environment): void {}
