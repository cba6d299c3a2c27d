/** What the benchmark asks of an engine. */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { BpfObject } from '../../bpf/object.ts';
import type { Effect } from './subject.ts';

/** A program in the forms engines take. */
export interface Subject {
  readonly name: string;
  /** `packet`: r1 points to two 64-bit pointers, to the packet and past it; `plain`: to the bytes themselves. */
  readonly context: 'packet' | 'plain';
  readonly bytes: Uint8Array;
  readonly maps: readonly MapDefinition[];
  /** Program `main` with such a context. */
  readonly object: BpfObject;
  /** Program `main` with Linux's context, `xdp_md`. */
  readonly linux: BpfObject;
  /** What each run must return; undefined when runs differ. */
  readonly result: bigint | undefined;
  readonly effect?: Effect;
  /** It is also timed in batches. */
  readonly event: boolean;
}

/** Keys and values in hexadecimal; a per-CPU value has each CPU's copy, padded to 8 bytes. */
export type Dump = ReadonlyMap<string, string>;

/** Records taken out of a ring buffer, and the exclusive or of their 32-bit words by place. */
export interface Drained {
  readonly count: number;
  readonly words: Int32Array;
}

export interface Timed {
  /** Of all runs together. */
  readonly nanoseconds: number;
  /** How many there were: batches come whole. */
  readonly runs: number;
  /** r0 of the last one, as far as the engine tells: 32 bits where `narrow`. */
  readonly last: bigint;
}

/** One program in one engine, with maps of its own. */
export interface Trial {
  /** Throws when a run returns something else than it must. */
  time(runs: number): Promise<Timed>;
  dump(map: string): Promise<Dump>;
  drain(map: string): Promise<Drained>;
  close(): void;
}

export interface Contestant {
  readonly name: string;
  /** What its name stands for. */
  readonly text: string;
  /** It tells 32 bits of r0. */
  readonly narrow?: true;
  readonly eventsOnly?: true;
  /** How long a sample must be, where a millisecond is too short. */
  readonly sampleMs?: number;
  /** A string says why not: the engine is not here, or cannot run this. */
  start(subject: Subject): Promise<Trial | string>;
}
