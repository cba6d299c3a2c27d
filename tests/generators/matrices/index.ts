/** Families of small programs that together try every combination of something. */
import type { Btf } from '../../../bpf/btf/btf.ts';
import type { Case } from '../../../verifier/case/case.ts';
import { contextMatrix } from './context.ts';
import { helperArgumentsMatrix, helperMapsMatrix, helperTypesMatrix } from './helpers.ts';
import { kfuncArgumentsMatrix, kfuncTypesMatrix, stepsMatrix } from './kfuncs.ts';
import { accessMatrix, arithmeticMatrix } from './pointers.ts';
import { structMatrix, tracepointMatrix } from './typed.ts';

export const MATRICES: Readonly<Record<string, (btf: Btf | undefined) => Generator<Case>>> = {
  context: contextMatrix,
  'helper-types': helperTypesMatrix,
  'helper-arguments': helperArgumentsMatrix,
  'helper-maps': helperMapsMatrix,
  access: accessMatrix,
  arithmetic: arithmeticMatrix,
  'kfunc-types': kfuncTypesMatrix,
  'kfunc-arguments': kfuncArgumentsMatrix,
  steps: stepsMatrix,
  tracepoints: (btf) => tracepointMatrix(needed(btf)),
  structs: (btf) => structMatrix(needed(btf)),
};

function needed(btf: Btf | undefined): Btf {
  if (btf === undefined) throw new Error('this family needs the types of the kernel');
  return btf;
}
