/** Families of small programs that together try every combination of something. */
import type { Case } from '../../../verifier/case/case.ts';
import { contextMatrix } from './context.ts';
import { helperArgumentsMatrix, helperMapsMatrix, helperTypesMatrix } from './helpers.ts';
import { kfuncArgumentsMatrix, kfuncTypesMatrix, stepsMatrix } from './kfuncs.ts';
import { accessMatrix, arithmeticMatrix } from './pointers.ts';

export const MATRICES: Readonly<Record<string, () => Generator<Case>>> = {
  context: contextMatrix,
  'helper-types': helperTypesMatrix,
  'helper-arguments': helperArgumentsMatrix,
  'helper-maps': helperMapsMatrix,
  access: accessMatrix,
  arithmetic: arithmeticMatrix,
  'kfunc-types': kfuncTypesMatrix,
  'kfunc-arguments': kfuncArgumentsMatrix,
  steps: stepsMatrix,
};
