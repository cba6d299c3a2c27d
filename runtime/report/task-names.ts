/**
 * Names of tasks as `trace-cmd report` shows them: those the file saved, and those that scheduler events printed before.
 * Recordings without a list of names know them from their own records.
 */
import type { EventCursor, EventRecording, ThreadNames } from '../recording/event-recording.ts';

/** A hostile file could name four billion. */
const MAX_LEARNED = 1 << 20;

export class TaskNames {
  private readonly recording: EventRecording;
  private readonly threads: ThreadNames | undefined;
  private readonly learned = new Map<number, string>();

  constructor(recording: EventRecording) {
    this.recording = recording;
    this.threads = recording.commOf === undefined ? recording.threads() : undefined;
  }

  /** Call it for each record in order, before its name is asked for. */
  observe(cursor: EventCursor): void {
    this.threads?.observe(cursor);
  }

  nameOf(tid: number, cpu: number): string {
    if (this.threads !== undefined) return this.threads.commOf(tid, cpu) ?? ':-1';
    if (tid === 0) return '<idle>';
    return this.recording.commOf?.(tid) ?? this.learned.get(tid) ?? '<...>';
  }

  /** A scheduler event said a task's name: it holds unless the file saved one, or another was learned. */
  learn(tid: number, name: string): void {
    if (tid === 0 || this.learned.has(tid) || this.learned.size >= MAX_LEARNED) return;
    this.learned.set(tid, name);
  }
}
