/** The helpers that are operations of one map: which of their arguments are what. */
import type { HelperName } from '../../bpf/helpers/helper.ts';
import type { MapOperation } from '../maps/wasm/operation.ts';

/** An argument of the operation, from a register of the helper. */
export type MapArgument =
  /** Address of as many bytes as keys or values have. */
  | { readonly kind: 'key' | 'value'; readonly register: number }
  /** Address of a value's bytes, to be written. */
  | { readonly kind: 'target'; readonly register: number }
  /** Address of as many bytes as the size in another register says. */
  | { readonly kind: 'data'; readonly register: number; readonly size: number }
  | { readonly kind: 'size'; readonly register: number }
  | { readonly kind: 'flags'; readonly register: number };

export interface MapCall {
  readonly helper: HelperName;
  readonly operation: MapOperation;
  /** The register with the map. */
  readonly map: number;
  readonly args: readonly MapArgument[];
  /** The result is an address, or 0; otherwise a signed number. */
  readonly isAddress?: true;
}

const key = { kind: 'key', register: 2 } as const;

export const MAP_CALLS: readonly MapCall[] = [
  { helper: 'map_lookup_elem', operation: 'lookup', map: 1, args: [key], isAddress: true },
  {
    helper: 'map_update_elem',
    operation: 'update',
    map: 1,
    args: [key, { kind: 'value', register: 3 }, { kind: 'flags', register: 4 }],
  },
  { helper: 'map_delete_elem', operation: 'delete', map: 1, args: [key] },
  {
    helper: 'map_push_elem',
    operation: 'push',
    map: 1,
    args: [
      { kind: 'value', register: 2 },
      { kind: 'flags', register: 3 },
    ],
  },
  { helper: 'map_pop_elem', operation: 'pop', map: 1, args: [{ kind: 'target', register: 2 }] },
  { helper: 'map_peek_elem', operation: 'peek', map: 1, args: [{ kind: 'target', register: 2 }] },
  {
    helper: 'ringbuf_reserve',
    operation: 'reserve',
    map: 1,
    args: [
      { kind: 'size', register: 2 },
      { kind: 'flags', register: 3 },
    ],
    isAddress: true,
  },
  {
    helper: 'ringbuf_output',
    operation: 'output',
    map: 1,
    args: [
      { kind: 'data', register: 2, size: 3 },
      { kind: 'size', register: 3 },
      { kind: 'flags', register: 4 },
    ],
  },
  {
    helper: 'perf_event_output',
    operation: 'output',
    map: 2,
    args: [
      { kind: 'data', register: 4, size: 5 },
      { kind: 'size', register: 5 },
      { kind: 'flags', register: 3 },
    ],
  },
];
