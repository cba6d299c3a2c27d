/** What compiled programs call of the machine. Signatures are int32: nothing is boxed. */
import type { FunctionRef, ModuleBuilder, ValueType } from '../wasm/builder.ts';

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
  /** Compiles the program with a place in the function table; throws where it cannot be. */
  | 'compile';

type Signature = readonly [name: ImportName, parameters: number, result: boolean];

/** All parameters and results are int32. */
const SIGNATURES: readonly Signature[] = [
  ['helper', 1, false],
  ['badAccess', 5, false],
  ['outOfFuel', 1, false],
  ['tooDeep', 1, false],
  ['packetLoad', 2, true],
  ['compile', 1, false],
];

export type Imports = Readonly<Record<ImportName, FunctionRef>>;

export function importAll(module: ModuleBuilder): Imports {
  const rows = SIGNATURES.map(([name, parameters, result]): readonly [ImportName, FunctionRef] => {
    const params: readonly ValueType[] = new Array<ValueType>(parameters).fill('i32');
    return [name, module.importFunction(name, { params, result: result ? 'i32' : undefined })];
  });
  return Object.fromEntries(rows) as Record<ImportName, FunctionRef>;
}
