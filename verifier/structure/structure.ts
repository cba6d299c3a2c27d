/** What is checked and computed before the walk, in the kernel's order (`bpf_check` up to `do_check_main`). */
import { checkTailCallMaps } from '../call/tail-call-maps.ts';
import type { Environment } from '../environment.ts';
import { checkAttachment } from './attachment.ts';
import { findComponents } from './components.ts';
import { checkControlFlow } from './control-flow.ts';
import { markFastcallPatterns, shrinkFastcallStacks } from './fastcall.ts';
import { checkFunctionRecords, checkFunctionTypes } from './function-info.ts';
import { checkKfuncsExist } from './kfunc-calls.ts';
import { checkLineInfo } from './line-info.ts';
import { computeLiveRegisters } from './live-registers.ts';
import { checkLoadAttributes } from './load-attributes.ts';
import { postorderOf } from './postorder.ts';
import { checkMaxStackDepth } from './stack-depth.ts';
import { checkSubprograms, findSubprograms } from './subprograms.ts';
import { checkUnreachedFunctions } from './unreached-functions.ts';
import { resolveWideLoads } from './wide-loads.ts';

/** @throws Rejection */
export function analyseStructure(env: Environment): void {
  checkLoadAttributes(env);
  checkFunctionRecords(env);
  // Before addresses of functions came, wide loads were looked at first.
  const late = env.supports('callbacks');
  if (!late) resolveWideLoads(env);
  findSubprograms(env);
  checkSubprograms(env);
  checkFunctionTypes(env);
  checkLineInfo(env);
  // Since it asks what functions do, the attachment comes after the control flow.
  const attachLate = env.atLeast('6.12');
  if (!attachLate) checkAttachment(env);
  if (late) resolveWideLoads(env);
  checkControlFlow(env);
  if (attachLate) checkAttachment(env);
  findComponents(env);
  computeLiveRegisters(env, postorderOf(env));
  markFastcallPatterns(env);
}

/** After the walk: stack (`check_max_stack_depth`), and calls that nobody can make. @throws Rejection */
export function checkAfterWalk(env: Environment): void {
  shrinkFastcallStacks(env);
  checkMaxStackDepth(env);
  checkKfuncsExist(env);
  checkUnreachedFunctions(env);
  checkTailCallMaps(env);
}
