/** Block scopes of scratch variables: no name hides another one that is visible. */
import type { VariableSymbol } from './model.ts';

export class Scopes {
  private readonly stack: Map<string, VariableSymbol>[] = [];

  enter(): void {
    this.stack.push(new Map());
  }

  leave(): void {
    this.stack.pop();
  }

  find(name: string): VariableSymbol | undefined {
    for (let at = this.stack.length - 1; at >= 0; at--) {
      const found = this.stack[at]!.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  declare(symbol: VariableSymbol): void {
    this.stack.at(-1)!.set(symbol.name, symbol);
  }

  names(): string[] {
    return this.stack.flatMap((scope) => [...scope.keys()]);
  }
}
