/** The types that a type refers to, in the order they are in its bytes; and a type with others in their place. */
import type { BtfType, TypeId } from './type.ts';

export function typeReferences(type: BtfType): readonly TypeId[] {
  switch (type.kind) {
    case 'void':
    case 'int':
    case 'float':
    case 'enum':
    case 'enum64':
    case 'fwd':
      return [];
    case 'ptr':
    case 'typedef':
    case 'const':
    case 'volatile':
    case 'restrict':
    case 'type_tag':
    case 'decl_tag':
    case 'func':
    case 'var':
      return [type.type];
    case 'array':
      return [type.element, type.index];
    case 'struct':
    case 'union':
      return type.members.map((member) => member.type);
    case 'func_proto':
      return [type.returns, ...type.parameters.map((parameter) => parameter.type)];
    case 'datasec':
      return type.variables.map((variable) => variable.type);
    default:
      return type satisfies never;
  }
}

/** `map` is called in the order of {@link typeReferences}. */
export function mapReferences(type: BtfType, map: (id: TypeId) => TypeId): BtfType {
  switch (type.kind) {
    case 'void':
    case 'int':
    case 'float':
    case 'enum':
    case 'enum64':
    case 'fwd':
      return type;
    case 'ptr':
    case 'typedef':
    case 'const':
    case 'volatile':
    case 'restrict':
    case 'type_tag':
    case 'decl_tag':
    case 'func':
    case 'var':
      return { ...type, type: map(type.type) };
    case 'array':
      return { ...type, element: map(type.element), index: map(type.index) };
    case 'struct':
    case 'union':
      return { ...type, members: type.members.map((one) => ({ ...one, type: map(one.type) })) };
    case 'func_proto': {
      const returns = map(type.returns);
      return {
        ...type,
        returns,
        parameters: type.parameters.map((one) => ({ ...one, type: map(one.type) })),
      };
    }
    case 'datasec':
      return { ...type, variables: type.variables.map((one) => ({ ...one, type: map(one.type) })) };
    default:
      return type satisfies never;
  }
}

/**
 * All of a type but its references, as one text: two types with equal shapes and equal references are the same type.
 */
export function typeShape(type: BtfType): string {
  switch (type.kind) {
    case 'void':
    case 'ptr':
    case 'const':
    case 'volatile':
    case 'restrict':
      return type.kind;
    case 'int':
      return parts([type.kind, type.name, type.size, type.signed, type.encoding, type.bits, type.bitOffset]);
    case 'float':
      return parts([type.kind, type.name, type.size]);
    case 'array':
      return parts([type.kind, type.count]);
    case 'struct':
    case 'union': {
      const members = type.members.flatMap(({ name, bitOffset, bitSize }) => [name, bitOffset, bitSize]);
      return parts([type.kind, type.name, type.size, ...members]);
    }
    case 'enum':
    case 'enum64': {
      const values = type.values.flatMap(({ name, value }) => [name, value]);
      return parts([type.kind, type.name, type.size, type.signed, ...values]);
    }
    case 'fwd':
      return parts([type.kind, type.name, type.of]);
    case 'typedef':
      return parts([type.kind, type.name]);
    case 'type_tag':
      return parts([type.kind, type.name, type.attribute]);
    case 'decl_tag':
      return parts([type.kind, type.name, type.component, type.attribute]);
    case 'func':
    case 'var':
      return parts([type.kind, type.name, type.linkage]);
    case 'func_proto':
      return parts([type.kind, ...type.parameters.map(({ name }) => name)]);
    case 'datasec': {
      const variables = type.variables.flatMap(({ offset, size }) => [offset, size]);
      return parts([type.kind, type.name, type.size, ...variables]);
    }
    default:
      return type satisfies never;
  }
}

/** Names cannot have a NUL. There may be more than fit the stack as arguments. */
function parts(values: readonly (string | number | bigint | boolean)[]): string {
  return values.join('\0');
}
