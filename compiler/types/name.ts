/** Types as messages spell them. */
import type { StructType, Type } from './type.ts';

export function typeName(type: Type): string {
  switch (type.kind) {
    case 'integer':
      return type.enum ? `enum ${type.enum.name}` : `${type.signed ? '' : 'u'}int${type.size * 8}`;
    case 'boolean':
      return 'bool';
    case 'string':
      return `string[${type.size}]`;
    case 'buffer':
      return `buffer[${type.size}]`;
    case 'tuple':
      return `(${type.elements.map(({ name, type: one }) => (name === undefined ? '' : `${name}=`) + typeName(one)).join(',')})`;
    case 'pointer':
      return `${typeName(type.target)} *`;
    case 'array':
      return `${typeName(type.element)}[${type.count}]`;
    case 'struct':
      return structName(type);
    case 'timestamp':
      return 'timestamp';
    case 'none':
      return 'void';
    case 'ksym':
    case 'usym':
    case 'macaddr':
    case 'username':
      return `${type.kind}_t`;
    case 'sum':
    case 'min':
    case 'max':
    case 'avg':
    case 'stats':
      return `${type.signed ? '' : 'u'}${type.kind}_t`;
    case 'count':
    case 'hist':
    case 'lhist':
    case 'tseries':
      return `${type.kind}_t`;
    default:
      return type.kind;
  }
}

/** A struct that only a typedef names is known by the typedef alone, as in C. */
function structName({ tag, name, origin }: StructType): string {
  if (name === '') return `${tag} {...}`;
  return origin?.btf.kindOf(origin.id) === 'typedef' ? name : `${tag} ${name}`;
}
