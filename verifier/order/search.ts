/** What the order of one verification keeps: states to compare with, and scratch of comparisons and walks back. */
import type { ComponentVisit } from './component.ts';
import { Explored } from './explored.ts';
import { IdMap } from './id-map.ts';
import { type Comparison, Exactness } from './register-equal.ts';
import { StackLiveness } from './stack-liveness.ts';
import { Wanted } from './wanted.ts';

export class Search {
  readonly explored: Explored;
  /** Visits of strongly connected components, by component. */
  readonly visits: Map<number, ComponentVisit[]> = new Map();
  readonly comparison: Comparison;
  readonly wanted: Wanted = new Wanted();
  /** What is known of it holds for all functions of the program, however they are reached. */
  readonly liveness: StackLiveness = new StackLiveness();

  /** @param count slots of the program */
  constructor(count: number, privileged: boolean, uninitialisedStack: boolean) {
    this.explored = new Explored(count);
    this.comparison = {
      ids: new IdMap(),
      exactness: Exactness.none,
      allPrecise: !privileged,
      exactRanges: false,
      uninitialisedStack,
    };
  }

  /** Another function's walk begins: its states have nothing to do with the last one's. */
  clear(): void {
    this.explored.clear();
    this.visits.clear();
  }
}
