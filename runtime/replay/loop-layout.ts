/** What the loop over records ({@link loopModule}) and JavaScript share: words of linear memory. */

/** Words that the loop and JavaScript share. */
export const Loop = {
  /** 64 bits: the latest time so far. */
  latest: 0,
  /** 64 bits, unsigned: no record after it. */
  horizon: 2,
  /** 64 bits: no record that comes so long after the latest. */
  gap: 4,
  /** Whose task the current block tells: thread and CPU. */
  taskTid: 6,
  taskCpu: 7,
  /** Records that may still be passed. */
  left: 8,
} as const;
export const LOOP_WORDS = 10;

/** Words of an event that somebody wants to see, then its programs. */
export const Entry = { flags: 0, reach: 1, nextPid: 2, programs: 3 } as const;
export const ENTRY_WORDS = 4;
/** `observe`: shown to the thread table; `switches`: the CPU goes over to the thread in the field at `nextPid`. */
export const EntryFlags = { observe: 1, switches: 2 } as const;

/** Why the loop stopped. After `step` and `stopped` the current record is done with. */
export const Stop = {
  /** As many records as were asked for. */
  limit: 0,
  /** The record is later than it may be. */
  time: 1,
  /** The record is not in linear memory. */
  elsewhere: 2,
  /** The next record of its CPU is not where it usually is: JavaScript steps to it. */
  step: 3,
  /** Nothing more shall run. */
  stopped: 4,
  /** Records were lost before this one. */
  lost: 5,
} as const;

/** Addresses, and what is the same for all of a recording's records. */
export interface LoopPlaces {
  readonly loop: number;
  /** An entry's address by event id, or 0. */
  readonly events: number;
  /** The thread each CPU was last seen in. */
  readonly current: number;
  readonly streams: number;
  readonly heap: number;
  /** Where records are copied to that cannot be read in place. */
  readonly copies: number;
  readonly longestCopy: number;
  /** Zeros behind a copy. */
  readonly copyGap: number;
  readonly typeOffset: number;
  readonly pidOffset: number;
  /** Somebody asks for the current task. */
  readonly tasks: boolean;
}
