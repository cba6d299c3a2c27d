/**
 * The helper table: every helper of Linux 6.18 by name and number, and which program types may call it since when.
 * Compiler, verifier and VM read the same rows.
 */
export { ACQUIRES, CALLS_BACK, CASTS_POINTER, MOVES_PACKET } from './effects.ts';
export { type HelperGrant, type HelperProgram, helperGrant, helpersOf } from './grants.ts';
export type {
  ArgumentType,
  Helper,
  HelperArgument,
  HelperName,
  HelperReturn,
  ReturnType,
  TypeFlag,
} from './helper.ts';
export { HELPERS } from './helpers.gen.ts';
export { GPL_LICENSES, isGplCompatible } from './license.ts';
export { findHelper, helper, helperById } from './lookup.ts';
export { type HelperCaller, helperFor } from './variants.ts';
