/** The macros a script may call: overloads by name, matched to calls by the kinds and number of arguments. */
import type { CallExpression, MacroDefinition, MacroParameter } from '../syntax/ast.ts';

export type MacroArgument = CallExpression['arguments'][number];

/** One macro, with where it comes from: the bodies of the standard library see only the library's own. */
export interface Macro {
  readonly definition: MacroDefinition;
  readonly origin: 'script' | 'library';
}

export class MacroTable {
  private readonly byName: Map<string, Macro[]> = new Map();

  /** The macro of the same signature that is there already; then the new one is not added. */
  add(macro: Macro): Macro | undefined {
    const { name } = macro.definition.name;
    const overloads = this.byName.get(name) ?? [];
    const known = overloads.find((one) => signatureKey(one) === signatureKey(macro));
    if (known !== undefined) return known;
    overloads.push(macro);
    this.byName.set(name, overloads);
    return undefined;
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  overloads(name: string): readonly Macro[] {
    return this.byName.get(name) ?? [];
  }

  names(): Iterable<string> {
    return this.byName.keys();
  }

  /** The closest overload: a `$v` or `@m` parameter fits its kind of argument better than an expression does. */
  match(name: string, args: readonly MacroArgument[]): Macro | undefined {
    let best: { readonly macro: Macro; readonly score: number } | undefined;
    for (const macro of this.overloads(name)) {
      const score = exactness(macro.definition.parameters, args);
      if (score !== undefined && (best === undefined || score > best.score)) best = { macro, score };
    }
    return best?.macro;
  }
}

/** How many arguments fit a parameter of their own kind; undefined when the call does not fit. */
function exactness(
  parameters: readonly MacroParameter[],
  args: readonly MacroArgument[],
): number | undefined {
  if (parameters.length !== args.length) return undefined;
  let exact = 0;
  for (const [index, { passing }] of parameters.entries()) {
    if (passing === 'expression') continue;
    if (args[index]!.kind !== passing) return undefined;
    exact++;
  }
  return exact;
}

function signatureKey({ definition }: Macro): string {
  return definition.parameters.map(({ passing }) => passing).join();
}

const SIGILS = { variable: '$', map: '@', expression: '' } as const;

/** As the script says it: `name($v, @m, e)`. */
export function macroSignature({ name, parameters }: MacroDefinition): string {
  const list = parameters.map((one) => `${SIGILS[one.passing]}${one.name}`).join(', ');
  return parameters.length === 0 ? name.name : `${name.name}(${list})`;
}
