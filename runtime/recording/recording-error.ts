/** Faults and losses of reading a recording. Both name the part of the file and the byte where it went wrong. */

/** The recording cannot be read at all, or not the part that was asked for. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  /** The part of the file, such as `file header` or `event formats`. */
  readonly section: string;
  /** Byte offset: in the file, or in the section's decompressed bytes where the section was compressed. */
  readonly offset: number;

  constructor(section: string, offset: number, problem: string, options?: ErrorOptions) {
    super(`${section} at byte ${offset}: ${problem}`, options);
    this.section = section;
    this.offset = offset;
  }
}

/** Something of the recording was lost while the rest is read. */
export interface RecordingWarning {
  readonly section: string;
  readonly offset: number;
  readonly message: string;
}

const MAX_WARNINGS = 64;

/** Keeps the first warnings and counts the others: a damaged file could give millions. */
export class WarningList {
  readonly items: RecordingWarning[] = [];
  /** Warnings that came after the list was full. */
  omitted = 0;

  add(section: string, offset: number, problem: string): void {
    if (this.items.length >= MAX_WARNINGS) {
      this.omitted++;
      return;
    }
    this.items.push({ section, offset, message: `${section} at byte ${offset}: ${problem}` });
  }

  /** Of the file as a whole. */
  note(section: string, problem: string): void {
    this.items.push({ section, offset: 0, message: `${section}: ${problem}` });
  }

  /** Runs `read`; a {@link RecordingError} becomes a warning and `fallback` is the answer. */
  attempt<T>(read: () => T, fallback: T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      this.add(error.section, error.offset, error.message.slice(error.message.indexOf(': ') + 2));
      return fallback;
    }
  }
}
