/**
 * One share of a recording that several replay at once: the events of some of its CPUs, for programs that may see those of
 * different CPUs in any order. Plain data, to be sent to whoever replays it (`replay-share.ts`).
 */
import type { BpfObject } from '../../bpf/object.ts';
import type { LoadedObject } from '../kernel.ts';

export interface ReplayShare {
  readonly cpus: readonly number[];
  readonly object: BpfObject;
  /** Programs that a verifier has accepted. */
  readonly accepted: readonly string[];
  /** What programs find in their maps. */
  readonly maps: readonly MapContent[];
}

export interface MapContent {
  readonly name: string;
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly key: Uint8Array;
  /** All copies. */
  readonly value: Uint8Array;
}

export interface ShareProgress {
  /** Bytes of event data. */
  readonly done: number;
  readonly events: number;
}

export type ShareResult =
  | (ShareProgress & { readonly kind: 'done'; readonly maps: readonly MapContent[]; readonly endNs: number })
  /** The recording must be replayed in its order. */
  | { readonly kind: 'ordered' };

export const ORDERED: ShareResult = { kind: 'ordered' };

/** What is the same on all CPUs: settings of the tracer. */
export function commonMaps({ object, map }: LoadedObject): readonly MapContent[] {
  return object.maps.flatMap(({ name, type }) =>
    type === 'array' ? [{ name, entries: [...map(name).entries()] }] : [],
  );
}
