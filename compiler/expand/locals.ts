/** The scratch variables a macro's body declares: block scopes, each with the name the variable has after expansion. */

/** What marks a renamed variable. No script can write it. */
const MARK = '\u00b7';

export class Locals {
  private readonly stack: Map<string, string>[] = [];
  private readonly suffix: string;

  constructor(expansion: number) {
    this.suffix = `${MARK}${expansion}`;
  }

  enter(): void {
    this.stack.push(new Map());
  }

  leave(): void {
    this.stack.pop();
  }

  declare(name: string): string {
    const renamed = `${name}${this.suffix}`;
    this.stack.at(-1)?.set(name, renamed);
    return renamed;
  }

  find(name: string): string | undefined {
    for (let at = this.stack.length - 1; at >= 0; at--) {
      const found = this.stack[at]!.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** A text about variables with their names as the script has them. */
export function plainNames(text: string): string {
  return text.includes(MARK) ? text.replaceAll(new RegExp(`${MARK}\\d+`, 'g'), '') : text;
}
