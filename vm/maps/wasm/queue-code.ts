/** QUEUE and STACK in generated code, as `queue-map.ts` has them. */
import { E2BIG, EINVAL, ENOENT } from '../../errno.ts';
import type { Local, Value } from '../../wasm/builder.ts';
import { I32, I64 } from '../../wasm/opcodes.ts';
import { BPF_EXIST, BPF_NOEXIST } from '../map.ts';
import { QueueHeader, type QueueMap } from '../queue-map.ts';
import { clearBytes, copyBytes, type Place, placeAt } from './bytes.ts';
import type { BodyWriter, MapBody } from './map-body.ts';
import type { MapOperation } from './operation.ts';

export class QueueCode {
  readonly #isStack: boolean;
  readonly #capacity: number;
  readonly #valueSize: number;
  readonly #elements: number;
  readonly #elementSize: number;

  constructor({ definition, layout }: QueueMap) {
    this.#isStack = definition.type === 'stack';
    this.#capacity = definition.maxEntries;
    this.#valueSize = layout.valueSize;
    this.#elements = layout.elements;
    this.#elementSize = layout.elementSize;
  }

  operations(): Partial<Record<MapOperation, BodyWriter>> {
    return {
      push: (body) => this.#push(body),
      pop: (body) => this.#take(body, true),
      peek: (body) => this.#take(body, false),
    };
  }

  #push(body: MapBody): void {
    const { f } = body;
    const [value, flags] = [body.arg(0), body.arg(1)];
    const count = f.local('i32');
    const distance = f.local('i32');
    const flagIs = (flag: number): Value => f.binary(I64.eq, f.get(flags), f.i64(flag, 0));
    const unknown = f.binary(I64.gt_u, f.get(flags), f.i64(BPF_EXIST, 0));
    body.returnIf(f.binary(I32.or, unknown, flagIs(BPF_NOEXIST)), EINVAL);
    f.set(count, body.loadHeader(QueueHeader.count));
    f.if(f.binary(I32.ge_u, f.get(count), f.i32(this.#capacity)));
    body.returnIf(f.unary(I64.eqz, f.get(flags)), E2BIG);
    this.#dropOldest(body, count);
    f.set(count, f.binary(I32.sub, f.get(count), f.i32(1)));
    f.end();
    this.#locate(body, distance, () => f.get(count));
    copyBytes(f, this.#place(body, distance), placeAt(f, value), this.#valueSize);
    body.storeHeader(QueueHeader.count, () => f.binary(I32.add, f.get(count), f.i32(1)));
    f.return(f.i32(0));
  }

  #take(body: MapBody, remove: boolean): void {
    const { f } = body;
    const target = body.arg(0);
    const count = f.local('i32');
    const distance = f.local('i32');
    const less = (): Value => f.binary(I32.sub, f.get(count), f.i32(1));
    f.set(count, body.loadHeader(QueueHeader.count));
    f.if(f.unary(I32.eqz, f.get(count)));
    clearBytes(f, placeAt(f, target), this.#valueSize);
    f.return(f.i32(ENOENT));
    f.end();
    this.#locate(body, distance, this.#isStack ? less : () => f.i32(0));
    copyBytes(f, placeAt(f, target), this.#place(body, distance), this.#valueSize);
    if (remove && this.#isStack) body.storeHeader(QueueHeader.count, less);
    if (remove && !this.#isStack) this.#dropOldest(body, count);
    f.return(f.i32(0));
  }

  #dropOldest(body: MapBody, count: Local): void {
    const { f } = body;
    const tail = f.local('i32');
    f.set(tail, f.binary(I32.add, body.loadHeader(QueueHeader.tail), f.i32(1)));
    body.storeHeader(QueueHeader.tail, () => this.#wrapped(body, tail));
    body.storeHeader(QueueHeader.count, () => f.binary(I32.sub, f.get(count), f.i32(1)));
  }

  /** Distance of the value that is `age` after the oldest. */
  #locate(body: MapBody, distance: Local, age: () => Value): void {
    const { f } = body;
    const index = f.local('i32');
    f.set(index, f.binary(I32.add, body.loadHeader(QueueHeader.tail), age()));
    f.set(distance, body.within(f.binary(I32.mul, this.#wrapped(body, index), f.i32(this.#elementSize))));
  }

  /** An index below twice the capacity, modulo that. */
  #wrapped({ f }: MapBody, index: Local): Value {
    const beyond = f.binary(I32.sub, f.get(index), f.i32(this.#capacity));
    const within = f.get(index);
    return f.select(beyond, within, f.binary(I32.ge_u, f.get(index), f.i32(this.#capacity)));
  }

  #place(body: MapBody, distance: Local): Place {
    return { address: () => body.f.get(distance), offset: body.offset(this.#elements) };
  }
}
