/** The texts that spans of one compilation point into: the script first, then what it includes and imports. */
import type { Source } from '../bpf/span.ts';

export class SourceList {
  readonly list: Source[];

  constructor(main: Source) {
    this.list = [main];
  }

  /** The index for spans. */
  add(source: Source): number {
    this.list.push(source);
    return this.list.length - 1;
  }

  at(index: number): Source {
    return this.list[index]!;
  }
}
