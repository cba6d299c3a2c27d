/** Names and processes of threads as the lines of a text recording tell them. */
import type { EventCursor, ThreadNames } from '../event-recording.ts';
import { ownText } from './line-reader.ts';
import { TextCursor } from './text-cursor.ts';

/** A hostile file could name four billion threads. */
const MAX_THREADS = 1 << 20;

export class TextThreads implements ThreadNames {
  changes = 0;
  private readonly comms = new Map<number, string>();
  private readonly tgids = new Map<number, number>();

  commOf(tid: number, cpu: number): string | undefined {
    return tid === 0 ? `swapper/${cpu}` : this.comms.get(tid);
  }

  tgidOf(tid: number): number | undefined {
    return this.tgids.get(tid);
  }

  observe(cursor: EventCursor): void {
    if (!(cursor instanceof TextCursor)) return;
    const { tid, tgid, comm } = cursor;
    if (comm !== undefined && tid !== 0 && this.comms.get(tid) !== comm)
      this.set(this.comms, tid, ownText(comm));
    if (tgid >= 0 && this.tgids.get(tid) !== tgid) this.set(this.tgids, tid, tgid);
  }

  private set<Value>(map: Map<number, Value>, tid: number, value: Value): void {
    if (map.size >= MAX_THREADS && !map.has(tid)) return;
    map.set(tid, value);
    this.changes++;
  }
}
