/** Runs programs of `random-maps.ts` on the interpreter. */
import type { BpfObject } from '../../../bpf/object.ts';
import { generateFunction } from '../../../compiler/codegen/generate.ts';
import type { IrFunction } from '../../../compiler/ir/ir.ts';
import { createMachine } from '../../../vm/index.ts';
import { MAPS } from './random-maps.ts';

export interface Outcome {
  readonly result: bigint;
  readonly maps: readonly (readonly string[])[];
}

/** `fn` as a program over {@link MAPS}; undefined where its frame would be too large. */
export function mapObject(fn: IrFunction, level: 1 | 2 | 3 | 4): BpfObject | undefined {
  const { instructions, stackBytes } = generateFunction(fn, { instructionSet: level });
  if (stackBytes > 512) return undefined;
  return {
    name: 'maps',
    endian: 'little',
    license: 'GPL',
    programs: [{ name: 'main', instructions, type: 'socket_filter', section: 'socket', attach: [] }],
    functions: [],
    maps: MAPS,
    data: new Map(),
    sources: [],
  };
}

/** What it leaves on the interpreter; `inputs` are the fields of its context at 0, 8 and 16. */
export function outcomeOf(fn: IrFunction, inputs: readonly number[]): Outcome | undefined {
  const object = mapObject(fn, 4);
  if (object === undefined) return undefined;
  const machine = createMachine({ memoryLimit: 2 << 20 });
  const context = machine.memory.allocateRegion(64, { kind: 'context', label: 'context' });
  inputs.forEach((input, index) => {
    machine.memory.view.setUint32(context + 8 * index, input, true);
  });
  const image = machine.load(object);
  const registers = machine.run(image.programs.get('main')!, 0, context);
  const result = (BigInt(registers[1]!) << 32n) | BigInt(registers[0]! >>> 0);
  const maps = [...image.maps.values()].map((map) =>
    [...map.entries()].map(({ key, value }) => `${key}=${value}`).sort(),
  );
  return { result, maps };
}
