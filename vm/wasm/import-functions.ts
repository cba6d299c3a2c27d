/** Functions that generated code calls of its host. All parameters and results are int32: nothing is boxed. */
import type { FunctionRef, ModuleBuilder, ValueType } from './builder.ts';

/** Its name, how many parameters it has, and whether it gives a result. */
export type ImportRow<Name extends string> = readonly [name: Name, parameters: number, result: boolean];

export function importFunctions<Name extends string>(
  module: ModuleBuilder,
  rows: readonly ImportRow<Name>[],
): Readonly<Record<Name, FunctionRef>> {
  const imported = rows.map(([name, parameters, result]): readonly [Name, FunctionRef] => {
    const params: readonly ValueType[] = new Array<ValueType>(parameters).fill('i32');
    return [name, module.importFunction(name, { params, result: result ? 'i32' : undefined })];
  });
  return Object.fromEntries(imported) as Record<Name, FunctionRef>;
}
