/**
 * Refuses types that contain themselves by value, and types nested deeper than any compiler makes: whoever walks typedefs,
 * members and elements of an open table comes to an end, and may recurse. Pointers and prototypes may go in circles.
 */
import { FormatError } from '../format-error.ts';
import { KIND } from './wire.ts';

/** The kernel resolves 32 (`MAX_RESOLVE_DEPTH`); C++ and Rust nest deeper than C. */
const MAX_NESTING = 256;

const BUSY = 0xffff;

export interface NestingInput {
  readonly view: DataView;
  readonly littleEndian: boolean;
  /** Offset of the type section in the file, for messages. */
  readonly at: number;
  readonly firstId: number;
  readonly offsets: Uint32Array;
}

/** @throws FormatError */
export function checkNesting(input: NestingInput): void {
  const walk = new NestingWalk(input);
  for (let index = 0; index < input.offsets.length; index++) walk.height(index, 0);
}

class NestingWalk {
  readonly #view: DataView;
  readonly #little: boolean;
  readonly #input: NestingInput;
  /** 1 and more: what a type's longest chain of contents has; 0: not yet known. */
  readonly #heights: Uint16Array;

  constructor(input: NestingInput) {
    this.#view = input.view;
    this.#little = input.littleEndian;
    this.#input = input;
    this.#heights = new Uint16Array(input.offsets.length);
  }

  height(index: number, depth: number): number {
    const known = this.#heights[index]!;
    if (known === BUSY) this.#fail(index, 'contains itself');
    if (known !== 0) return known;
    if (depth > MAX_NESTING) this.#fail(index, `is nested more than ${MAX_NESTING} deep`);
    this.#heights[index] = BUSY;
    const height = 1 + this.#tallest(this.#input.offsets[index]!, depth + 1);
    if (height > MAX_NESTING) this.#fail(index, `nests more than ${MAX_NESTING} deep`);
    this.#heights[index] = height;
    return height;
  }

  /** Of all that the type at an offset contains. */
  #tallest(offset: number, depth: number): number {
    const info = this.#view.getUint32(offset + 4, this.#little);
    const vlen = info & 0xffff;
    switch ((info >>> 24) & 0x1f) {
      case KIND.typedef:
      case KIND.const:
      case KIND.volatile:
      case KIND.restrict:
      case KIND.type_tag:
      case KIND.decl_tag:
      case KIND.func:
      case KIND.var:
        return this.#contained(offset + 8, depth);
      case KIND.array:
        return Math.max(this.#contained(offset + 12, depth), this.#contained(offset + 16, depth));
      case KIND.struct:
      case KIND.union:
        return this.#entries(offset + 16, vlen, depth);
      case KIND.datasec:
        return this.#entries(offset + 12, vlen, depth);
      default:
        return 0;
    }
  }

  #entries(first: number, count: number, depth: number): number {
    let tallest = 0;
    for (let entry = 0; entry < count; entry++) {
      tallest = Math.max(tallest, this.#contained(first + entry * 12, depth));
    }
    return tallest;
  }

  /** Of the type whose id is at an offset. */
  #contained(offset: number, depth: number): number {
    const id = this.#view.getUint32(offset, this.#little);
    return id < this.#input.firstId ? 0 : this.height(id - this.#input.firstId, depth);
  }

  #fail(index: number, problem: string): never {
    const { at, offsets, firstId } = this.#input;
    throw new FormatError('BTF', at + offsets[index]!, `type ${firstId + index} ${problem}`);
  }
}
