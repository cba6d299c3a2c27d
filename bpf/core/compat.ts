/**
 * May a local type stand for a target's? Two loose relations of libbpf, by kind and, where they have one, by name: of
 * a field (`bpf_core_fields_are_compat`) and of a type that is asked for by itself (`bpf_core_types_are_compat`).
 */
import type { Btf } from '../btf/btf.ts';
import { resolveType } from '../btf/layout.ts';
import { isComposite, type TypeId } from '../btf/type.ts';
import { CoreError } from './error.ts';
import { essentialName } from './name.ts';
import { nameOfType, sameKind } from './types.ts';
import type { Work } from './work.ts';

/** The two tables that are compared. */
export interface Tables {
  readonly local: Btf;
  readonly target: Btf;
  readonly work: Work;
}

/** Pointers, dimensions and return types followed in one comparison. */
export const MAX_CHAIN = 32;

/**
 * Fields: any two aggregates, any two pointers, ints of any size and sign, floats; enums and forward declarations of
 * one name, or without; arrays by their elements. @throws CoreError
 */
export function fieldsAreCompatible(tables: Tables, localId: TypeId, targetId: TypeId): boolean {
  let local = localId;
  let target = targetId;
  for (;;) {
    tables.work.step();
    const ours = resolveType(tables.local, local);
    const theirs = resolveType(tables.target, target);
    if (isComposite(ours) && isComposite(theirs)) return true;
    if (!sameKind(ours.kind, theirs.kind)) return false;
    switch (ours.kind) {
      case 'ptr':
      case 'float':
        return true;
      case 'fwd':
      case 'enum':
      case 'enum64':
        return namesAgree(nameOfType(ours), nameOfType(theirs));
      case 'int':
        return theirs.kind === 'int' && ours.bitOffset === 0 && theirs.bitOffset === 0;
      case 'array':
        if (theirs.kind !== 'array') return false;
        local = ours.element;
        target = theirs.element;
        break;
      default:
        return false;
    }
  }
}

/** Types whose names the caller has compared: one kind; pointers, arrays and prototypes by their parts. @throws CoreError */
export function typesAreCompatible(tables: Tables, localId: TypeId, targetId: TypeId): boolean {
  if (!sameKind(tables.local.kindOf(localId), tables.target.kindOf(targetId))) return false;
  return partsAreCompatible(tables, localId, targetId, MAX_CHAIN);
}

function partsAreCompatible(tables: Tables, localId: TypeId, targetId: TypeId, level: number): boolean {
  let local = localId;
  let target = targetId;
  for (let depth = 0; depth < MAX_CHAIN; depth++) {
    tables.work.step();
    const ours = resolveType(tables.local, local);
    const theirs = resolveType(tables.target, target);
    if (!sameKind(ours.kind, theirs.kind)) return false;
    switch (ours.kind) {
      case 'void':
      case 'struct':
      case 'union':
      case 'enum':
      case 'enum64':
      case 'fwd':
        return true;
      case 'int':
        return theirs.kind === 'int' && ours.bitOffset === 0 && theirs.bitOffset === 0;
      case 'ptr':
        if (theirs.kind !== 'ptr') return false;
        local = ours.type;
        target = theirs.type;
        break;
      case 'array':
        if (theirs.kind !== 'array') return false;
        local = ours.element;
        target = theirs.element;
        break;
      case 'func_proto': {
        if (theirs.kind !== 'func_proto' || ours.parameters.length !== theirs.parameters.length) return false;
        for (const [at, parameter] of ours.parameters.entries()) {
          if (level <= 0) throw tooDeep();
          const other = theirs.parameters[at]!;
          if (!partsAreCompatible(tables, parameter.type, other.type, level - 1)) return false;
        }
        local = ours.returns;
        target = theirs.returns;
        break;
      }
      default:
        return false;
    }
  }
  throw tooDeep();
}

/** Without a name on either side anything goes. */
function namesAgree(local: string, target: string): boolean {
  return local === '' || target === '' || essentialName(local) === essentialName(target);
}

export function tooDeep(): CoreError {
  return new CoreError(`its types are nested deeper than ${MAX_CHAIN}`);
}
