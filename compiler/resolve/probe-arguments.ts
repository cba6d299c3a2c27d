/**
 * The data of an event: named, numbered and returned values, each with its type and the place it is found in. One table
 * drives `args.x`, `argN`, `retval` and the listing, whatever the kind of probe.
 */
import type { EventField } from '../../bpf/event-format.ts';
import type { Type } from '../types/type.ts';

export type ArgumentPlace =
  /** Bytes of the event's record, which the context points to. */
  | { readonly kind: 'record'; readonly field: EventField }
  /** A word of the context: arguments of functions and raw tracepoints in order, eight bytes each. */
  | { readonly kind: 'word'; readonly offset: number }
  /** A member of the context, of the value's own width. */
  | { readonly kind: 'member'; readonly offset: number }
  /** A register saved in the context (`struct pt_regs`), without the bits below `shift`. */
  | { readonly kind: 'register'; readonly offset: number; readonly shift: number }
  /** User or kernel memory, at `base + index * scale + displacement`; registers by their offset in the context. */
  | {
      readonly kind: 'memory';
      readonly space: 'kernel' | 'user';
      readonly base?: number;
      readonly index?: number;
      readonly scale: number;
      readonly displacement: bigint;
    }
  | { readonly kind: 'constant'; readonly value: bigint }
  /** Nothing a program can read; the reason. */
  | { readonly kind: 'nowhere'; readonly reason: string };

export interface ProbeArgument {
  readonly name: string;
  /** Undefined: no type of the language. */
  readonly type: Type | undefined;
  readonly place: ArgumentPlace;
  /** C text of the type. */
  readonly cType: string;
  /** C declaration, for listings: `char prev_comm[16]`. */
  readonly declaration: string;
}

/** Each part is made when it is asked for: a wildcard's points are many. */
export interface ProbeArguments {
  /** What `args.NAME` can name, in order; undefined when nothing tells. */
  named(): readonly ProbeArgument[] | undefined;
  /** `argN`; undefined when this kind of probe has none of them. */
  numbered?(index: number): ProbeArgument | undefined;
  /** `retval`. */
  returned?(): ProbeArgument | undefined;
}

/** Two points may share a program that reads this value. */
export function placeKey({ place, type, cType }: ProbeArgument): string {
  const { kind } = place;
  const size =
    type === undefined ? cType : `${type.kind}${type.size}${type.kind === 'integer' && type.signed}`;
  switch (place.kind) {
    case 'record': {
      const { offset, size: bytes, signed, kind: shape, type: text } = place.field;
      return [kind, offset, bytes, signed, shape, text, size].join(':');
    }
    case 'word':
    case 'member':
      return [kind, place.offset, size, cType].join(':');
    case 'register':
      return [kind, place.offset, place.shift, size, cType].join(':');
    case 'memory':
      return [kind, place.space, place.base, place.index, place.scale, place.displacement, size].join(':');
    case 'constant':
      return [kind, place.value, size].join(':');
    case 'nowhere':
      return kind;
    default:
      return place satisfies never;
  }
}
