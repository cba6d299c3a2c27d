/** A kind of statement the generator may write; its name is a feature of the program. */
import type { Body } from '../body.ts';

export interface Statement {
  readonly name: string;
  /** How often it is drawn, against the others. */
  readonly weight: number;
  /** True when it may stand in this program. */
  readonly when?: (body: Body) => boolean;
  /** It calls nothing: it may stand inside a lock. */
  readonly quiet?: boolean;
  readonly write: (body: Body) => void;
}
