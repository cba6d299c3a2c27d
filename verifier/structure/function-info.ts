/** Types of the program's functions as the loader gave them (`check_btf_func_early`, `check_btf_func`). */
import type { Btf } from '../../bpf/btf/btf.ts';
import { skipTypedefs } from '../../bpf/btf/layout.ts';
import type { TypeId } from '../../bpf/btf/type.ts';
import type { Environment } from '../environment.ts';
import {
  functionCountMismatch,
  functionInfoOrder,
  functionInfoStart,
  functionInfoType,
  functionLayoutMismatch,
  legacyLoadNeedsInt,
  legacyLoadWithoutTypes,
  loadInvalid,
  tailCallNeedsInt,
  tailCallWithoutTypes,
} from '../messages.gen.ts';

/** The records alone, before functions are known. @throws Rejection */
export function checkFunctionRecords(env: Environment): void {
  const { functions = [], lines = [], btf } = env.input;
  if (functions.length === 0 && lines.length === 0) return;
  if (btf === undefined) throw loadInvalid({});
  let previous = 0;
  for (const [index, { slot, type }] of functions.entries()) {
    if (index === 0 && slot !== 0) throw functionInfoStart({ slot });
    if (index > 0 && slot <= previous) throw functionInfoOrder({ slot, previous });
    if (!isFunction(btf, type)) throw functionInfoType({ type });
    previous = slot;
  }
}

/** The records against the functions of the code. Sets each function's type. @throws Rejection */
export function checkFunctionTypes(env: Environment): void {
  const { functions = [], btf } = env.input;
  if (functions.length === 0 || btf === undefined) {
    checkUntyped(env);
    return;
  }
  const count = env.subprograms.length - 1;
  if (functions.length !== count) throw functionCountMismatch({});
  for (let number = 0; number < count; number++) {
    const subprogram = env.subprograms[number]!;
    const { slot, type } = functions[number]!;
    if (subprogram.start !== slot) throw functionLayoutMismatch({});
    const scalar = !env.supports('tail_calls_in_functions') || returnsScalar(btf, type);
    if (number > 0 && !scalar && subprogram.hasLegacyLoad) throw legacyLoadNeedsInt({});
    if (number > 0 && !scalar && subprogram.hasTailCall) throw tailCallNeedsInt({});
    const func = btf.type(type);
    subprogram.type = type;
    if (func.kind !== 'func') continue;
    subprogram.isGlobal = func.linkage === 'global';
    subprogram.isStatic = func.linkage === 'static';
  }
}

/** `check_abnormal_return` */
function checkUntyped(env: Environment): void {
  if (!env.supports('tail_calls_in_functions')) return;
  for (const subprogram of env.subprograms.slice(1, -1)) {
    if (subprogram.hasLegacyLoad) throw legacyLoadWithoutTypes({});
    if (subprogram.hasTailCall) throw tailCallWithoutTypes({});
  }
}

function isFunction(btf: Btf, id: TypeId): boolean {
  return id > 0 && id < btf.end && btf.kindOf(id) === 'func';
}

/** `btf_type_is_small_int` or an enum. */
function returnsScalar(btf: Btf, id: TypeId): boolean {
  const func = btf.type(id);
  const prototype = func.kind === 'func' ? btf.type(func.type) : undefined;
  if (prototype?.kind !== 'func_proto') return false;
  const type = btf.type(skipTypedefs(btf, prototype.returns));
  return (type.kind === 'int' && type.size <= 8) || type.kind === 'enum' || type.kind === 'enum64';
}
