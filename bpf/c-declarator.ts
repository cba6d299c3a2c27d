/**
 * C's declarators, which wind around a name: types are walked from the name outwards, and each wraps what was built for
 * those before. `[n]` and `(parameters)` go behind what {@link bracketed} gives, pointers before.
 *
 *     ptr -> func_proto -> ptr -> char, name f:   f   *f   (*f)(int)   *(*f)(int)   char *(*f)(int)
 */

/** A pointer (`*`) or reference (`&`) and its own qualifiers around a declarator: `*const name`. */
export function pointerTo(sign: string, qualifiers: readonly string[], declarator: string): string {
  const own = qualifiers.join(' ');
  const gap = own !== '' && declarator !== '' ? ' ' : '';
  return `${sign}${own}${gap}${declarator}`;
}

/** For an array or a function, whose `[]` and `()` bind closer than what is before the name. */
export function bracketed(declarator: string): string {
  return /^[*&]/.test(declarator) ? `(${declarator})` : declarator;
}

/** The whole declaration: `specifier` is what the walk ended at, with its qualifiers. */
export function declaration(specifier: string, declarator: string): string {
  return declarator === '' || declarator.startsWith('[')
    ? `${specifier}${declarator}`
    : `${specifier} ${declarator}`;
}
