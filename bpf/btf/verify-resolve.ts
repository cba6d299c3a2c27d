/** How the kernel follows references (`btf_resolve`): what may stand behind what, and how deep. */
import type { Btf } from './btf.ts';
import { resolveType } from './layout.ts';
import type { BtfArray, BtfInt, BtfType, TypeId } from './type.ts';

/** `MAX_RESOLVE_DEPTH` */
const DEEPEST = 32;

/** Bytes of a type as the kernel counts them (`btf_type_id_size`): at most 32 bits, undefined for what has none. */
export function sizeForKernel(btf: Btf, id: TypeId): number | undefined {
  const type = resolveType(btf, id);
  switch (type.kind) {
    case 'int':
    case 'struct':
    case 'union':
    case 'enum':
    case 'enum64':
    case 'float':
      return type.size;
    case 'ptr':
      return 8;
    case 'array': {
      const element = sizeForKernel(btf, type.element);
      if (element === undefined) return undefined;
      return element * type.count > 0xffff_ffff ? undefined : element * type.count;
    }
    default:
      return undefined;
  }
}

type Modifier = BtfType & { readonly kind: 'typedef' | 'const' | 'volatile' | 'restrict' | 'type_tag' };

function isModifier(type: BtfType): type is Modifier {
  switch (type.kind) {
    case 'typedef':
    case 'const':
    case 'volatile':
    case 'restrict':
    case 'type_tag':
      return true;
    default:
      return false;
  }
}

/** `btf_type_int_is_regular`: whole bytes, and as many as a machine has registers for. */
export function isRegular({ bits, bitOffset }: BtfInt): boolean {
  return bitOffset === 0 && [8, 16, 32, 64, 128].includes(bits);
}

/** Why a pointer, modifier or array cannot be resolved. */
export function resolutionProblem(btf: Btf, id: TypeId): string | undefined {
  const type = btf.type(id);
  if (type.kind === 'array') return arrayProblem(btf, type);
  if (type.kind !== 'ptr' && !isModifier(type)) return undefined;
  return targetProblem(btf, type) ?? tagProblem(btf, type) ?? chainProblem(btf, id);
}

function arrayProblem(btf: Btf, { element, index, count }: BtfArray): string | undefined {
  const number = resolveType(btf, index);
  if (number.kind !== 'int' || !isRegular(number)) return `its index, type ${index}, is no whole integer`;
  const item = resolveType(btf, element);
  if (item.kind === 'int' && !isRegular(item)) return `its element, type ${element}, is no whole integer`;
  const size = sizeForKernel(btf, element);
  if (size === undefined) return `its element, type ${element}, has no size`;
  return size * count > 0xffff_ffff ? `it has ${size * count} bytes, which 32 bits do not hold` : undefined;
}

/** Types, `void`, declarations and functions may stand behind pointers and modifiers. */
function targetProblem(btf: Btf, type: Modifier | (BtfType & { kind: 'ptr' })): string | undefined {
  switch (btf.type(type.type).kind) {
    case 'var':
    case 'datasec':
    case 'decl_tag':
      return `a ${type.kind} cannot be to type ${type.type}, a ${btf.kindOf(type.type)}`;
    default:
      return undefined;
  }
}

/** Pointers and modifiers end before long; what has a lower id is resolved already (`btf_resolve`). */
function chainProblem(btf: Btf, first: TypeId): string | undefined {
  let id = first;
  for (let depth = 1; ; depth++) {
    if (depth > DEEPEST) return `pointers and modifiers go on for more than ${DEEPEST} types`;
    const type = btf.type(id);
    if (type.kind !== 'ptr' && !isModifier(type)) return undefined;
    id = type.type;
    if (id === first) return 'it leads to itself';
    if (id < first) return undefined;
  }
}

/** Tags come before other modifiers, typedefs included (`btf_check_type_tags`). */
function tagProblem(btf: Btf, first: BtfType): string | undefined {
  let tagsOver = false;
  let type = first;
  for (let length = 0; isModifier(type); length++) {
    if (length === DEEPEST) return `modifiers go on for more than ${DEEPEST} types`;
    if (type.kind !== 'type_tag') tagsOver = true;
    else if (tagsOver) return 'a tag after other modifiers';
    type = btf.type(type.type);
  }
  return undefined;
}
