/** The functions of maps in the machine's table, and what the interpreter must know to call them: made when first asked for. */
import type { LinearAddress } from '../address.ts';
import type { Machine } from '../machine.ts';
import type { BpfMap } from '../maps/map.ts';
import { MapFunctions } from '../maps/wasm/map-functions.ts';
import type { MapOperation } from '../maps/wasm/operation.ts';
import { directModule } from '../wasm/direct/module.ts';
import { wasm } from '../wasm/platform.ts';
import { DESCRIPTOR_SIZE, Descriptor } from './numbers.ts';

export class KnownMaps {
  readonly #machine: Machine;
  readonly #descriptors = new Map<string, LinearAddress | undefined>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  descriptor(map: BpfMap, operation: MapOperation): LinearAddress | undefined {
    const name = `${map.layout.base} ${operation}`;
    if (!this.#descriptors.has(name)) this.#descriptors.set(name, this.#make(map, operation));
    return this.#descriptors.get(name);
  }

  #make(map: BpfMap, operation: MapOperation): LinearAddress | undefined {
    const { memory } = this.#machine;
    const slot = this.#compile(map, operation);
    if (slot === undefined) return undefined;
    const address = memory.reserve(DESCRIPTOR_SIZE, 'what an interpreter knows of a map');
    memory.i32[(address + Descriptor.slot) >> 2] = slot;
    memory.i32[(address + Descriptor.keySize) >> 2] = map.layout.keySize;
    memory.i32[(address + Descriptor.valueSize) >> 2] = map.layout.valueSize;
    return address;
  }

  /** The place of the function in the table. */
  #compile(map: BpfMap, operation: MapOperation): number | undefined {
    const { memory, table } = this.#machine;
    const module = directModule();
    module.importMemory({ initial: memory.pages, maximum: memory.pages });
    const functions = new MapFunctions(module);
    const fn = functions.get(map, operation);
    if (fn === undefined) return undefined;
    functions.define();
    module.export('operation', fn);
    const { exports } = new wasm.Instance(new wasm.Module(module.finish().bytes), {
      env: { memory: memory.wasm },
    });
    const slot = this.#machine.takeSlots(1);
    table.set(slot, exports.operation!);
    return slot;
  }
}
