/** One call of a helper while code for it is generated: what intrinsics know of it and write with. */
import type { HelperName } from '../../bpf/helpers/helper.ts';
import { KERNEL_TAG, type LinearAddress } from '../address.ts';
import type { BpfMap } from '../maps/map.ts';
import type { MapFunctions } from '../maps/wasm/map-functions.ts';
import type { FunctionBuilder, FunctionRef, Local, Value } from '../wasm/builder.ts';
import { I64 } from '../wasm/opcodes.ts';
import type { FunctionPlan } from './function-writer.ts';
import { type KnownValue, knownValue } from './known-value.ts';
import type { MemoryAccess } from './memory-access.ts';
import type { Registers } from './registers.ts';

export interface CallSiteParts {
  readonly f: FunctionBuilder;
  readonly r: Registers;
  readonly memory: MemoryAccess;
  readonly maps: MapFunctions;
  readonly plan: FunctionPlan;
  /** Its instruction, and the first of the block. */
  readonly index: number;
  readonly blockStart: number;
  /** An i32 variable of this call. */
  readonly scratch: (use: number) => Local;
  /** The call as any other helper is called. */
  readonly general: () => void;
  /** A tail call of whatever the registers name, by an interpreter; goes on where it fails. */
  readonly tail: () => void;
  /** Refuses a frame that does not fit. */
  readonly checkDepth: () => void;
  readonly storeFuel: () => void;
  readonly loadFuel: () => void;
}

export class CallSite {
  readonly parts: CallSiteParts;

  #used = 0;

  constructor(parts: CallSiteParts) {
    this.parts = parts;
  }

  get f(): FunctionBuilder {
    return this.parts.f;
  }

  get r(): Registers {
    return this.parts.r;
  }

  /** A new i32 variable, with anything in it. */
  variable(): Local {
    return this.parts.scratch(this.#used++);
  }

  known(register: number): KnownValue | undefined {
    const { plan, blockStart, index } = this.parts;
    return knownValue(plan.program, blockStart, index, register);
  }

  /** The map whose address a register is known to hold. */
  map(register: number): BpfMap | undefined {
    const value = this.known(register);
    if (value?.kind !== 'number' || value.high !== KERNEL_TAG) return undefined;
    return this.parts.plan.mapAt(value.low);
  }

  /** The function of a known map's operation, where there is one in WebAssembly. */
  operation(register: number, name: Parameters<MapFunctions['get']>[1]): FunctionRef | undefined {
    const map = this.map(register);
    return map === undefined ? undefined : this.parts.maps.get(map, name);
  }

  /** The address of `bytes` that the helper reads or writes, checked where accesses are: in a local. */
  address(register: number, bytes: number, write = false): Local {
    const { f } = this.parts;
    const local = this.variable();
    const known = this.known(register);
    const isOwnFrame = known?.kind === 'frame' && known.offset >= -512 && known.offset + bytes <= 0;
    if (!isOwnFrame && bytes > 0) this.parts.memory.check(register, bytes, write);
    f.set(local, this.r.low(register));
    return local;
  }

  /** Sets r0 to the kernel pointer to an address, or NULL for 0. */
  setPointer(address: Local): void {
    const { f } = this.parts;
    const pointer = f.binary(I64.or, f.unary(I64.extend_i32_u, f.get(address)), f.i64(0, KERNEL_TAG));
    this.r.set(0, f.select(pointer, f.i64(0, 0), f.get(address)));
  }

  /** Sets r0 to a signed number of 32 bits. */
  setResult(value: Value): void {
    this.r.set(0, this.f.unary(I64.extend_i32_s, value));
  }

  load64(address: LinearAddress): Value {
    return this.f.load(I64.load, this.f.i32(0), address);
  }
}

/** Writes a call; false when the general way is to be taken. */
export type Intrinsic = (site: CallSite) => boolean;

export type Intrinsics = Readonly<Partial<Record<HelperName, Intrinsic>>>;
