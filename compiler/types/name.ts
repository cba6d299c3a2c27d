/** Types as messages spell them. */
import type { Type } from './type.ts';

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
      return type.name === '' ? `${type.tag} {...}` : `${type.tag} ${type.name}`;
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
