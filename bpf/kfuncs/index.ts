/** Kernel functions: their flags and who may call them; prototypes are in the kernel's types. */
export { KFUNC_CALLS_BACK, KFUNC_MOVES_PACKET } from './effects.ts';
export type { Kfunc, KfuncFilter, KfuncFlag, KfuncHook, KfuncSet } from './kfunc.ts';
export { findKfunc, KFUNCS, type KfuncCaller, kfuncHook, mayCallKfunc } from './lookup.ts';
