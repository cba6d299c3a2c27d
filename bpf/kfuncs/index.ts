/** Kernel functions: their flags and who may call them; prototypes are in the kernel's types. */
export type { Kfunc, KfuncFilter, KfuncFlag, KfuncHook, KfuncSet } from './kfunc.ts';
export { findKfunc, KFUNCS, type KfuncCaller, kfuncHook, mayCallKfunc } from './lookup.ts';
