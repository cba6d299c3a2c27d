/** What the resident interpreter calls of the machine. `pc` is the address of an instruction's record. All are int32. */
import type { FunctionRef, ModuleBuilder } from '../wasm/builder.ts';
import { type ImportRow, importFunctions } from '../wasm/import-functions.ts';

export type ImportName =
  /** Runs a helper on the register file: its number. */
  | 'helper'
  /** Throws: pc, address (low, high), bytes, 1 for writes. */
  | 'badAccess'
  /** Throws: no instructions are left, at pc. */
  | 'outOfFuel'
  /** Throws: too many frames, at pc. */
  | 'tooDeep'
  /** Throws: behind the last instruction, at pc. */
  | 'pastEnd'
  /** Loads from the packet into r0 of the register file: pc, offset, bytes. 0 where it does not reach so far. */
  | 'packetLoad'
  /** The record that a code address names: pc, the address (low, high). Throws where it names none. */
  | 'target'
  /** The first record of the program that a tail call goes to, by the register file; 0: it fails. Odd: in the other mode. */
  | 'tail';

const ROWS: readonly ImportRow<ImportName>[] = [
  ['helper', 1, false],
  ['badAccess', 5, false],
  ['outOfFuel', 1, false],
  ['tooDeep', 1, false],
  ['pastEnd', 1, false],
  ['packetLoad', 3, true],
  ['target', 3, true],
  ['tail', 0, true],
];

export type Imports = Readonly<Record<ImportName, FunctionRef>>;

export function importAll(module: ModuleBuilder): Imports {
  return importFunctions(module, ROWS);
}
