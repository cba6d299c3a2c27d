/** How the kernel follows references (`btf_resolve`): what may stand behind what, and how deep. */
import type { Btf } from './btf.ts';
import type { BtfInt, BtfType, TypeId } from './type.ts';

/** `MAX_RESOLVE_DEPTH` */
const DEEPEST = 32;

/** Bytes of a type as the kernel counts them (`btf_type_id_size`): at most 32 bits, undefined for what has none. */
export function sizeForKernel(btf: Btf, id: TypeId): number | undefined {
  const type = pastModifiers(btf, id);
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

/** Past typedefs and modifiers: an open table has no circles of them. */
export function pastModifiers(btf: Btf, id: TypeId): BtfType {
  for (let type = btf.type(id); ; type = btf.type(type.type)) if (!isModifier(type)) return type;
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
  if (type.kind === 'array') return arrayProblem(btf, type.element, type.index);
  if (type.kind !== 'ptr' && !isModifier(type)) return undefined;
  return targetProblem(btf, type) ?? chainProblem(btf, type);
}

function arrayProblem(btf: Btf, element: TypeId, index: TypeId): string | undefined {
  const number = pastModifiers(btf, index);
  if (number.kind !== 'int' || !isRegular(number)) return `its index, type ${index}, is no whole integer`;
  const item = pastModifiers(btf, element);
  if (item.kind === 'int' && !isRegular(item)) return `its element, type ${element}, is no whole integer`;
  return sizeForKernel(btf, element) === undefined ? `its element, type ${element}, has no size` : undefined;
}

/** Only types, `void`, declarations and prototypes may stand behind pointers and modifiers. */
function targetProblem(btf: Btf, type: Modifier | (BtfType & { kind: 'ptr' })): string | undefined {
  switch (btf.type(type.type).kind) {
    case 'func':
    case 'var':
    case 'datasec':
    case 'decl_tag':
      return `a ${type.kind} cannot be to type ${type.type}, a ${btf.kindOf(type.type)}`;
    default:
      return undefined;
  }
}

/** Pointers and modifiers end before long, and tags come before other modifiers (`btf_check_type_tags`). */
function chainProblem(btf: Btf, first: Modifier | (BtfType & { kind: 'ptr' })): string | undefined {
  let tagsOver = false;
  let type: BtfType = first;
  for (let depth = 1; type.kind === 'ptr' || isModifier(type); depth++) {
    if (depth > DEEPEST) return `pointers and modifiers go on for more than ${DEEPEST} types`;
    if (first.kind === 'ptr') {
      if (type.kind === 'ptr' && type !== first) return undefined;
      if (type.kind === 'type_tag' && tagsOver) return 'a tag after other modifiers';
      if (type.kind !== 'type_tag' && type.kind !== 'ptr') tagsOver = true;
    }
    type = btf.type(type.type);
  }
  return undefined;
}
