/** What compiled programs call of the machine. Signatures are int32: nothing is boxed. */
import type { FunctionRef, ModuleBuilder } from '../wasm/builder.ts';
import { type ImportRow, importFunctions } from '../wasm/import-functions.ts';

export type ImportName =
  /** Runs a helper on the register file: its number. */
  | 'helper'
  /** Throws: instruction, address (low, high), bytes, 1 for writes. */
  | 'badAccess'
  /** Throws: no instructions are left, at an instruction. */
  | 'outOfFuel'
  /** Throws: too many frames, at an instruction. */
  | 'tooDeep'
  /** Loads from the packet into r0 of the register file: offset, bytes. 0 where it does not reach so far. */
  | 'packetLoad'
  /** Puts compiled code of a program into its place in the function table; 0 where there can be none. */
  | 'compile'
  /** Runs the program that a tail call by the register file goes to, in the frame that it has; 0 where the call fails. */
  | 'tail';

const ROWS: readonly ImportRow<ImportName>[] = [
  ['helper', 1, false],
  ['badAccess', 5, false],
  ['outOfFuel', 1, false],
  ['tooDeep', 1, false],
  ['packetLoad', 2, true],
  ['compile', 1, true],
  ['tail', 0, true],
];

export type Imports = Readonly<Record<ImportName, FunctionRef>>;

export function importAll(module: ModuleBuilder): Imports {
  return importFunctions(module, ROWS);
}
