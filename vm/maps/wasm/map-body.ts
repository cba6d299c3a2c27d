/**
 * The body of a map operation while it is generated. The map is either at a known address, which goes into the offsets
 * of loads and stores, or at the address that is the function's first parameter.
 */
import type { LinearAddress } from '../../address.ts';
import { Current } from '../../layout.ts';
import type { FunctionBuilder, FunctionRef, Local, Value } from '../../wasm/builder.ts';
import { I32, type LoadOp, type StoreOp } from '../../wasm/opcodes.ts';

/** A part of an operation that several bodies call: (element, cell) and (element), see `hash-code.ts`. */
export type MapPart = 'remove' | 'touch';

/** Gives the function of a part, for the same map. */
export type PartFinder = (part: MapPart) => FunctionRef;

export class MapBody {
  readonly f: FunctionBuilder;
  readonly #part: PartFinder;
  readonly #variable: () => Local;
  /** Address of the map's header where it is known. */
  readonly #base: LinearAddress | undefined;

  /** `variable`: a new i32 local, with anything in it. */
  constructor(
    f: FunctionBuilder,
    base: LinearAddress | undefined,
    part: PartFinder,
    variable: () => Local = () => f.local('i32'),
  ) {
    this.f = f;
    this.#variable = variable;
    this.#base = base;
    this.#part = part;
  }

  /** The operation's n-th argument. */
  arg(index: number): Local {
    return this.f.param(this.#base === undefined ? index + 1 : index);
  }

  variable(): Local {
    return this.#variable();
  }

  /** What to add to offsets from the header that loads and stores take on top of {@link within} or {@link origin}. */
  offset(fromHeader: number): number {
    return (this.#base ?? 0) + fromHeader;
  }

  /** The address to which {@link offset} is added. */
  origin(): Value {
    return this.#base === undefined ? this.f.get(this.f.param(0)) : this.f.i32(0);
  }

  /** The same for something `distance` bytes further. */
  within(distance: Value): Value {
    if (this.#base !== undefined) return distance;
    return this.f.binary(I32.add, distance, this.f.get(this.f.param(0)));
  }

  /** The address of what is `fromHeader` bytes after the header and what {@link within} gave. */
  address(within: Value, fromHeader: number): Value {
    return this.f.binary(I32.add, within, this.f.i32(this.offset(fromHeader)));
  }

  loadHeader(word: number): Value {
    return this.f.load(I32.load, this.origin(), this.offset(word * 4));
  }

  /** `value` is built after the address. */
  storeHeader(word: number, value: () => Value): void {
    this.f.store(I32.store, this.origin(), value(), this.offset(word * 4));
  }

  load(op: LoadOp, within: Value, fromHeader: number): Value {
    return this.f.load(op, within, this.offset(fromHeader));
  }

  store(op: StoreOp, within: Value, value: Value, fromHeader: number): void {
    this.f.store(op, within, value, this.offset(fromHeader));
  }

  part(part: MapPart, args: readonly Local[]): void {
    const { f } = this;
    const values = [...(this.#base === undefined ? [f.param(0)] : []), ...args].map((local) => f.get(local));
    f.run(this.#part(part), values);
  }

  /** Adds the place of the current CPU's copy to an address, where there are several. */
  ofThisCpu(address: Value, stride: number, copies: number): Value {
    const { f } = this;
    if (copies <= 1) return address;
    const cpu = f.load(I32.load, f.i32(0), Current.cpu);
    return f.binary(I32.add, address, f.binary(I32.mul, cpu, f.i32(stride)));
  }

  /** Ends the function with a number where the condition holds. */
  returnIf(condition: Value, result: number): void {
    const { f } = this;
    f.if(condition);
    f.return(f.i32(result));
    f.end();
  }
}

/** What generates the body of one operation. */
export type BodyWriter = (body: MapBody) => void;
