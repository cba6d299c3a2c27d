/**
 * The one `Btf` there is: checked bytes, the offset of each type in them, and what was asked for lately. Types and names
 * are made when they are asked for, the index of names at the first search.
 */
import type { Btf } from './btf.ts';
import { decodeType, type TypeBytes } from './decode-type.ts';
import { NameIndex } from './name-index.ts';
import { pointerSizeOf } from './pointer-size.ts';
import type { StringSection } from './strings.ts';
import type { BtfKind, BtfType, TypeId } from './type.ts';
import { BTF_KINDS } from './wire.ts';

/** Types kept after they were decoded: a power of two. */
const KEPT = 4096;

/** Of so many types of one name, the first of each kind is kept: a search must not pass by all of them each time. */
const CROWD = 16;

const VOID: BtfType = { kind: 'void' };

export interface TableParts {
  /** The whole section. */
  readonly bytes: Uint8Array;
  readonly types: TypeBytes;
  /** Of each type in the type section. */
  readonly offsets: Uint32Array;
  readonly base?: Btf;
  readonly pointerSize?: 4 | 8;
}

export class BtfTable implements Btf {
  readonly littleEndian: boolean;
  readonly base?: Btf;
  readonly firstId: TypeId;
  readonly end: TypeId;
  readonly stringsEnd: number;
  readonly #bytes: Uint8Array;
  readonly #types: TypeBytes;
  readonly #strings: StringSection;
  readonly #offsets: Uint32Array;
  readonly #keptIds: Uint32Array = new Uint32Array(KEPT);
  readonly #kept: BtfType[] = [];
  readonly #crowds = new Map<string, ReadonlyMap<BtfKind, TypeId>>();
  #names: NameIndex | undefined;
  #pointerSize: 4 | 8 | undefined;

  constructor({ bytes, types, offsets, base, pointerSize }: TableParts) {
    this.littleEndian = types.littleEndian;
    if (base !== undefined) this.base = base;
    this.firstId = base?.end ?? 1;
    this.end = this.firstId + offsets.length;
    this.stringsEnd = types.strings.end;
    this.#bytes = bytes;
    this.#types = types;
    this.#strings = types.strings;
    this.#offsets = offsets;
    this.#pointerSize = pointerSize;
  }

  get pointerSize(): 4 | 8 {
    this.#pointerSize ??= this.base?.pointerSize ?? pointerSizeOf(this);
    return this.#pointerSize;
  }

  type(id: TypeId): BtfType {
    if (id === 0) return VOID;
    if (id < this.firstId && this.base !== undefined) return this.base.type(id);
    const offset = this.#offsetOf(id);
    const slot = id & (KEPT - 1);
    if (this.#keptIds[slot] === id) return this.#kept[slot]!;
    const type = decodeType(this.#types, offset);
    this.#keptIds[slot] = id;
    this.#kept[slot] = type;
    return type;
  }

  kindOf(id: TypeId): BtfKind {
    if (id === 0) return 'void';
    if (id < this.firstId && this.base !== undefined) return this.base.kindOf(id);
    const { view, littleEndian } = this.#types;
    return BTF_KINDS[(view.getUint32(this.#offsetOf(id) + 4, littleEndian) >>> 24) & 0x1f]!;
  }

  nameOf(id: TypeId): string {
    if (id === 0) return '';
    if (id < this.firstId && this.base !== undefined) return this.base.nameOf(id);
    const { view, littleEndian } = this.#types;
    return this.#strings.at(view.getUint32(this.#offsetOf(id), littleEndian));
  }

  find(name: string, kind?: BtfKind): TypeId | undefined {
    const inherited = this.base?.find(name, kind);
    if (inherited !== undefined) return inherited;
    const crowd = this.#crowds.get(name);
    if (crowd !== undefined && kind !== undefined) return crowd.get(kind);
    let passed = 0;
    for (const index of this.#index().find(name)) {
      const id = this.firstId + index;
      if (kind === undefined || this.kindOf(id) === kind) return id;
      if (++passed === CROWD) return this.#crowdOf(name).get(kind);
    }
    return undefined;
  }

  #crowdOf(name: string): ReadonlyMap<BtfKind, TypeId> {
    const crowd = new Map<BtfKind, TypeId>();
    for (const index of this.#index().find(name)) {
      const id = this.firstId + index;
      const kind = this.kindOf(id);
      if (!crowd.has(kind)) crowd.set(kind, id);
    }
    this.#crowds.set(name, crowd);
    return crowd;
  }

  findAll(name: string): readonly TypeId[] {
    const own = [...this.#index().find(name)].map((index) => this.firstId + index);
    return this.base === undefined ? own : [...this.base.findAll(name), ...own];
  }

  string(offset: number): string {
    return this.#strings.at(offset);
  }

  bytes(): Uint8Array {
    return this.#bytes;
  }

  #offsetOf(id: TypeId): number {
    const offset = this.#offsets[id - this.firstId];
    if (offset === undefined) throw new RangeError(`there is no type ${id}: they end at ${this.end - 1}`);
    return offset;
  }

  #index(): NameIndex {
    const { view, littleEndian } = this.#types;
    this.#names ??= new NameIndex(this.#strings, this.#offsets.length, (index) =>
      view.getUint32(this.#offsets[index]!, littleEndian),
    );
    return this.#names;
  }
}
