/** Where a ring-buffer page keeps its time, its fill level and its records (`events/header_page`, kernel `struct buffer_data_page`). */
import { EventFormatError, findEventField, parseEventFormat } from '../../bpf/event-format.ts';
import type { WarningList } from './recording-error.ts';

export interface PageLayout {
  /** u64: time of the page's first record, before its own delta. */
  readonly timeOffset: number;
  /** long: bytes of records, and flags in its bits 30 and 31. */
  readonly commitOffset: number;
  /** sizeof(long) of the recorded kernel. */
  readonly longSize: 4 | 8;
  /** Where the records begin. */
  readonly dataOffset: number;
}

/** Reads the text of `header_page`; without it, the layout that every kernel has so far. */
export function parsePageLayout(text: string, longSize: 4 | 8, warnings: WarningList): PageLayout {
  const usual: PageLayout = { timeOffset: 0, commitOffset: 8, longSize, dataOffset: 8 + longSize };
  if (text === '') return usual;
  try {
    const page = parseEventFormat(`name: header_page\nID: 0\nformat:\n${text}`);
    const [time, commit, data] = ['timestamp', 'commit', 'data'].map((name) => findEventField(page, name));
    if (time?.size === 8 && time.offset <= 64 && commit && commit.offset <= 64 && data && data.offset <= 64) {
      const size = commit.size === 4 ? 4 : 8;
      return {
        timeOffset: time.offset,
        commitOffset: commit.offset,
        longSize: size,
        dataOffset: data.offset,
      };
    }
    warnings.add('header_page', 0, 'no timestamp, commit and data fields; the usual layout is taken');
  } catch (error) {
    if (!(error instanceof EventFormatError)) throw error;
    warnings.add('header_page', 0, `${error.message}; the usual layout is taken`);
  }
  return usual;
}
