/** Rows of the language reference: an item of the language, and a script that uses it. */

export interface Row {
  readonly item: string;
  /** How it is written. */
  readonly form: string;
  readonly script: string;
  /** Finds the cases that prove it, by their scripts. */
  readonly proof: RegExp;
  readonly note?: string;
}

export interface Section {
  /** Of the inventory: `2.5`. */
  readonly number: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

/** A statement list in a probe that every kernel has. */
export function inBegin(body: string): string {
  return `BEGIN { ${body} }`;
}

export function row(item: string, form: string, script: string, proof: RegExp, more: Partial<Row> = {}): Row {
  return { item, form, script, proof, ...more };
}
