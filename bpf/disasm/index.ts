/** Disassembler: instructions as the kernel's log and as `llvm-objdump` write them. */
export { type FormatOptions, formatInstruction } from './format.ts';
export { type ListingOptions, printInstructions, printObject } from './listing.ts';
export type { DisasmStyle } from './notation.ts';
