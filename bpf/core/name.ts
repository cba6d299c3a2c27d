/**
 * Names as CO-RE compares them: `task_struct___old` is a flavour of `task_struct`, so that a program can hold several
 * definitions of one kernel type (libbpf `bpf_core_essential_name_len`).
 */

/** A last `___` between characters that are no underscores, and what follows it. */
const FLAVOUR = /^(.*[^_])___[^_].*$/s;

/** The name without its flavour: without the last `___` and what follows. */
export function essentialName(name: string): string {
  // Most names hold no `___`; the search for it is much cheaper than the expression.
  return name.includes('___') ? name.replace(FLAVOUR, '$1') : name;
}
