/** The optimiser: a list of passes over one function, each a file of its own, each about linear in its size. */
import { removeUnreachable } from '../ir/cfg.ts';
import type { IrFunction, IrModule } from '../ir/ir.ts';
import { combineStores } from './combine-stores.ts';
import { shareExpressions } from './common-expressions.ts';
import { removeDeadCode } from './dead-code.ts';
import { removeDeadSlots } from './dead-slots.ts';
import { dropUndemanded } from './demanded-bits.ts';
import { simplifyFlow } from './flow.ts';
import { forwardMemory } from './forward-memory.ts';
import { decideKnownBranches } from './known-branches.ts';
import { promoteLocals } from './promote-locals.ts';
import { simplify } from './simplify.ts';

export interface Pass {
  readonly name: string;
  run(fn: IrFunction): IrFunction;
}

export interface OptimiseOptions {
  /** Byte order of the target; default little. */
  readonly endian?: 'little' | 'big';
  /** Instruction set of the target (1 to 4); what is absent is not used. */
  readonly level?: number;
}

/** In order. Simplification comes again after the passes that give it something to do. */
export function passesFor(options: OptimiseOptions = {}): readonly Pass[] {
  const simplified = (fn: IrFunction): IrFunction => simplify(fn, options.level);
  return [
    { name: 'remove-unreachable', run: removeUnreachable },
    { name: 'promote-locals', run: promoteLocals },
    { name: 'simplify', run: simplified },
    { name: 'flow', run: simplifyFlow },
    { name: 'simplify', run: simplified },
    { name: 'share-expressions', run: shareExpressions },
    ...(options.endian === 'big' ? [] : [{ name: 'forward-memory', run: forwardMemory }]),
    { name: 'known-branches', run: (fn) => removeUnreachable(decideKnownBranches(fn)) },
    { name: 'simplify', run: simplified },
    { name: 'flow', run: simplifyFlow },
    { name: 'demanded-bits', run: dropUndemanded },
    { name: 'simplify', run: simplified },
    { name: 'dead-code', run: removeDeadCode },
    { name: 'flow', run: simplifyFlow },
    { name: 'dead-slots', run: removeDeadSlots },
    { name: 'combine-stores', run: (fn) => combineStores(fn, options.endian) },
    { name: 'dead-code', run: removeDeadCode },
  ];
}

export function optimiseFunction(fn: IrFunction, options: OptimiseOptions = {}): IrFunction {
  return passesFor(options).reduce((current, pass) => pass.run(current), fn);
}

/** Every function of the module, optimised; they come out in SSA form without locals. */
export function optimise(module: IrModule, options: OptimiseOptions = {}): IrModule {
  return { functions: module.functions.map((fn) => optimiseFunction(fn, options)) };
}
