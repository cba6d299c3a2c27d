/** What is checked and computed before the walk, in the kernel's order (`bpf_check` up to `do_check_main`). */
import type { Environment } from '../environment.ts';
import { checkAttachment } from './attachment.ts';
import { findComponents } from './components.ts';
import { checkControlFlow } from './control-flow.ts';
import { markFastcallPatterns, shrinkFastcallStacks } from './fastcall.ts';
import { checkFunctionRecords, checkFunctionTypes } from './function-info.ts';
import { checkLineInfo } from './line-info.ts';
import { computeLiveRegisters } from './live-registers.ts';
import { checkLoadAttributes } from './load-attributes.ts';
import { postorderOf } from './postorder.ts';
import { checkMaxStackDepth } from './stack-depth.ts';
import { checkSubprograms, findSubprograms } from './subprograms.ts';
import { resolveWideLoads } from './wide-loads.ts';

/** @throws Rejection */
export function analyseStructure(env: Environment): void {
  checkLoadAttributes(env);
  checkFunctionRecords(env);
  findSubprograms(env);
  checkSubprograms(env);
  checkFunctionTypes(env);
  checkLineInfo(env);
  // 6.2 moved it behind the control flow.
  const early = !env.atLeast('6.2');
  if (early) checkAttachment(env);
  resolveWideLoads(env);
  checkControlFlow(env);
  if (!early) checkAttachment(env);
  findComponents(env);
  computeLiveRegisters(env, postorderOf(env));
  markFastcallPatterns(env);
}

/** After the walk: `check_max_stack_depth`. @throws Rejection */
export function checkStackDepth(env: Environment): void {
  shrinkFastcallStacks(env);
  checkMaxStackDepth(env);
}
