/**
 * `EventBatch`: how sources hand events to programs. A source stages records into linear memory, a column an attribute,
 * and the kernel runs programs over the batch; the source waits when the batch is full (backpressure). Column views are
 * typed arrays over linear memory so that generated WebAssembly can walk them too.
 */

export interface EventBatch {
  /** How many records fit. */
  readonly capacity: number;
  /** How many are staged. */
  count: number;
  /** The source's own number of the attach point (tracepoint event id, timer index); dispatch tables are indexed by it. */
  readonly point: Int32Array;
  readonly cpu: Int32Array;
  /** Nanoseconds of the source's clock, low and high halves. */
  readonly timeLow: Int32Array;
  readonly timeHigh: Int32Array;
  /** Thread id of the current task. */
  readonly tid: Int32Array;
  /** Linear address and length in bytes of the record: the program's context. */
  readonly address: Int32Array;
  readonly length: Int32Array;
}
