/**
 * A recording that several replay at once, each the events of some CPUs ({@link ReplayShare}), and the merging of what they
 * found: a per-CPU value belongs to whoever had the CPU, so that the maps are those of a replay in order.
 */
import type { LoadedObject } from '../kernel.ts';
import type { EventRecording } from '../recording/event-recording.ts';
import {
  commonMaps,
  type MapContent,
  ORDERED,
  type ReplayShare,
  type ShareProgress,
  type ShareResult,
} from './share.ts';

/** Who replays shares: worker threads in Node. */
export interface ReplaySharing {
  /** How many at once. */
  readonly shares: number;
  /** Bytes of event data below which it does not pay. */
  readonly leastBytes: number;
  /** Rejects, or gives `ordered`, where it cannot be done. `stop` settles when it should end with what it has. */
  run(
    share: ReplayShare,
    stop: Promise<void>,
    onProgress: (progress: ShareProgress) => void,
  ): Promise<ShareResult>;
}

export type SharedState = 'running' | 'merged' | 'ordered';

/** How long a wait lasts. */
const TURN_MS = 50;

export class SharedReplay {
  /** Latest time of a record. */
  endNs = 0;
  readonly #loaded: LoadedObject;
  readonly #progress: ShareProgress[];
  readonly #all: Promise<readonly ShareResult[]>;
  readonly #groups: readonly (readonly number[])[];
  #state: SharedState = 'running';
  #stop: () => void = () => {};

  constructor(
    recording: EventRecording,
    loaded: LoadedObject,
    accepted: readonly string[],
    sharing: ReplaySharing,
  ) {
    this.#loaded = loaded;
    this.#groups = cpuGroups(recording.cpuSizes ?? new Map(), sharing.shares);
    this.#progress = this.#groups.map(() => ({ done: 0, events: 0 }));
    const stop = new Promise<void>((resolve) => {
      this.#stop = resolve;
    });
    const { btf: _, ...object } = loaded.object;
    const maps = commonMaps(loaded);
    const runs = this.#groups.map((cpus, index) =>
      sharing
        .run({ cpus, object: { ...object, sources: [] }, accepted, maps }, stop, (progress) => {
          this.#progress[index] = progress;
        })
        // A share that cannot be replayed alone is replayed with the others.
        .catch((): ShareResult => ORDERED),
    );
    this.#all = Promise.all(runs);
  }

  /** Done by all so far. */
  get progress(): ShareProgress {
    return this.#progress.reduce(
      (sum, { done, events }) => ({ done: sum.done + done, events: sum.events + events }),
      { done: 0, events: 0 },
    );
  }

  /** Waits for a while. */
  async wait(): Promise<SharedState> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const turn = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), TURN_MS);
    });
    const results = await Promise.race([this.#all, turn]);
    clearTimeout(timer);
    if (results !== undefined) this.#take(results);
    return this.#state;
  }

  /** Ends it; what was found so far is merged. */
  async settle(): Promise<void> {
    if (this.#state !== 'running') return;
    this.#stop();
    this.#take(await this.#all);
  }

  #take(results: readonly ShareResult[]): void {
    if (this.#state !== 'running') return;
    const done = results.filter((one) => one.kind === 'done');
    const isWhole = done.length === results.length && done.every(({ maps }) => this.#hasRoom(maps));
    const merged = mergeMaps(this.#loaded, isWhole ? done.map(({ maps }) => maps) : [], this.#groups);
    this.#state = isWhole && merged !== undefined ? 'merged' : 'ordered';
    if (this.#state === 'ordered') return;
    for (const { name, entries } of merged!) {
      for (const { key, value } of entries) this.#loaded.map(name).update(key, value, 0);
    }
    done.forEach((one, index) => {
      this.#progress[index] = one;
      this.endNs = Math.max(this.endNs, one.endNs);
    });
  }

  /** A map that is full may have refused keys, and which ones goes by order. */
  #hasRoom(maps: readonly MapContent[]): boolean {
    return maps.every(({ name, entries }) => {
      const definition = this.#loaded.object.maps.find((one) => one.name === name)!;
      return !isHash(definition.type) || entries.length < definition.maxEntries;
    });
  }
}

function isHash(type: string): boolean {
  return !type.endsWith('array');
}

/** The maps of all together; undefined when one would be full. */
function mergeMaps(
  { object, map }: LoadedObject,
  shares: readonly (readonly MapContent[])[],
  groups: readonly (readonly number[])[],
): readonly MapContent[] | undefined {
  const merged: MapContent[] = [];
  for (const { name, type, maxEntries } of object.maps) {
    const contents = shares.map((maps) => maps.find((one) => one.name === name));
    if (contents.every((one) => one === undefined)) continue;
    const { valueSize, copies } = map(name);
    const entries = new Map<string, { readonly key: Uint8Array; readonly value: Uint8Array }>();
    contents.forEach((content, share) => {
      for (const { key, value } of content?.entries ?? []) {
        const id = key.join();
        const entry = entries.get(id) ?? { key, value: new Uint8Array(valueSize * copies) };
        entries.set(id, entry);
        for (const cpu of groups[share]!) {
          const at = cpu * valueSize;
          entry.value.set(value.subarray(at, at + valueSize), at);
        }
      }
    });
    if (isHash(type) && entries.size >= maxEntries) return undefined;
    merged.push({ name, entries: [...entries.values()] });
  }
  return merged;
}

/** CPUs in so many groups, of about as many bytes each. */
function cpuGroups(sizes: ReadonlyMap<number, number>, count: number): readonly (readonly number[])[] {
  const groups = Array.from({ length: Math.min(count, sizes.size) }, () => ({
    cpus: [] as number[],
    bytes: 0,
  }));
  for (const [cpu, bytes] of [...sizes].sort((a, b) => b[1] - a[1])) {
    const least = groups.reduce((best, one) => (one.bytes < best.bytes ? one : best));
    least.cpus.push(cpu);
    least.bytes += bytes;
  }
  return groups.map(({ cpus }) => cpus);
}
