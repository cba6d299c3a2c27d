/** Arrays in generated code: ARRAY and PERCPU_ARRAY as `array-map.ts` has them, and lookups in ARRAY_OF_MAPS. */
import { E2BIG, EEXIST, EINVAL } from '../../errno.ts';
import type { Local, Value } from '../../wasm/builder.ts';
import { I32, I64 } from '../../wasm/opcodes.ts';
import type { ArrayMap } from '../array-map.ts';
import { BPF_EXIST, BPF_F_LOCK, BPF_NOEXIST } from '../map.ts';
import type { ArrayOfMaps } from '../map-of-maps.ts';
import { copyBytes, placeAt } from './bytes.ts';
import type { BodyWriter, MapBody } from './map-body.ts';
import type { MapOperation } from './operation.ts';

export class ArrayCode {
  readonly #map: ArrayMap;
  readonly #copies: number;

  constructor(map: ArrayMap) {
    const { cpuStride, elementSize } = map.layout;
    this.#map = map;
    this.#copies = cpuStride === 0 ? 1 : elementSize / cpuStride;
  }

  operations(): Partial<Record<MapOperation, BodyWriter>> {
    return {
      lookup: (body) => body.f.return(this.lookup(body, body.arg(0))),
      update: (body) => this.#update(body),
    };
  }

  /** The value's address or 0, with one statement before; short enough to stand where the call would. */
  lookup(body: MapBody, key: Local): Value {
    const { f } = body;
    const index = body.variable();
    f.set(index, f.load(I32.load, f.get(key), 0));
    return f.select(this.#element(body, index), f.i32(0), this.#exists(body, index));
  }

  #update(body: MapBody): void {
    const { f } = body;
    const [key, value, flags] = [body.arg(0), body.arg(1), body.arg(2)];
    const index = f.local('i32');
    const target = f.local('i32');
    const flag = (bit: number): Value =>
      f.unary(I32.wrap_i64, f.binary(I64.and, f.get(flags), f.i64(bit, 0)));
    const others = f.binary(I64.and, f.get(flags), f.i64(~BPF_F_LOCK, -1));
    body.returnIf(f.binary(I64.gt_u, others, f.i64(BPF_EXIST, 0)), EINVAL);
    f.set(index, f.load(I32.load, f.get(key), 0));
    body.returnIf(f.unary(I32.eqz, this.#exists(body, index)), E2BIG);
    body.returnIf(flag(BPF_NOEXIST), EEXIST);
    // There is no lock in these values.
    body.returnIf(flag(BPF_F_LOCK), EINVAL);
    f.set(target, this.#element(body, index));
    copyBytes(f, placeAt(f, target), placeAt(f, value), this.#map.layout.valueSize);
    f.return(f.i32(0));
  }

  #element(body: MapBody, index: Local): Value {
    const { f } = body;
    const { elements, elementSize, cpuStride } = this.#map.layout;
    const distance = body.within(f.binary(I32.mul, f.get(index), f.i32(elementSize)));
    return body.address(body.ofThisCpu(distance, cpuStride, this.#copies), elements);
  }

  #exists({ f }: MapBody, index: Local): Value {
    return f.binary(I32.lt_u, f.get(index), f.i32(this.#map.definition.maxEntries));
  }
}

/** The map in a slot, or 0. */
export function arrayOfMapsLookup(map: ArrayOfMaps): BodyWriter {
  return (body) => {
    const { f } = body;
    const index = f.local('i32');
    f.set(index, f.load(I32.load, f.get(body.arg(0)), 0));
    const beyond = f.binary(I32.ge_u, f.get(index), f.i32(map.definition.maxEntries));
    body.returnIf(beyond, 0);
    const cell = body.within(f.binary(I32.shl, f.get(index), f.i32(2)));
    f.return(body.load(I32.load, cell, map.layout.elements));
  };
}
