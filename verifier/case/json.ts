/** Reading hostile JSON: every complaint names the path of what is wrong. */

/** What is wrong in a file of cases, and where. */
export class CaseError extends Error {
  override readonly name = 'CaseError';
  /** Such as `cases[3].maps[0].type`. */
  readonly path: string;
  readonly problem: string;

  constructor(path: string, problem: string) {
    super(path === '' ? problem : `${path}: ${problem}`);
    this.path = path;
    this.problem = problem;
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws CaseError for anything else, null and lists too */
export function objectOf(value: unknown, path: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new CaseError(path, `want an object, found ${describe(value)}`);
}

/** Absent is empty. */
export function listOf(value: unknown, path: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new CaseError(path, `want an array, found ${describe(value)}`);
}

/** @throws CaseError for anything else */
export function textOf(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  throw new CaseError(path, `want a text, found ${describe(value)}`);
}

/** Absent and null are undefined. @throws CaseError */
export function optionalText(value: unknown, path: string): string | undefined {
  return value === undefined || value === null ? undefined : textOf(value, path);
}

/** A whole number of `min` ... `max`; absent is `fallback`. */
export function numberOf(value: unknown, path: string, max: number = 0xffff_ffff, fallback?: number): number {
  if ((value === undefined || value === null) && fallback !== undefined) return fallback;
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new CaseError(path, `want a whole number, found ${describe(value)}`);
  }
  if (value < 0 || value > max) throw new CaseError(path, `${value} is not in 0 … ${max}`);
  return value;
}

export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
