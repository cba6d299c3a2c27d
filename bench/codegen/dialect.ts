/**
 * Scripts as 0.17 reads them. Where the language had other forms with the same meaning, only its copy is rewritten; where it
 * has nothing of the kind, both sides are given the script without it.
 */

/** One argument, with at most one pair of parentheses inside. */
const ARGUMENT = '([^(),]*(?:\\([^()]*\\)[^(),]*)*)';

/** What 0.17 cannot say at all: names of numbers, other tasks' ids, options of the command line. */
export function withoutNewer(script: string): string {
  return withoutComments(script)
    .replace(new RegExp(`\\b(?:syscall_name|signal_name|strerror)\\(${ARGUMENT}\\)`, 'g'), '$1')
    .replace(/\bgetopt\("[^"]*", (\d+), "[^"]*"\)/g, '$1')
    .replace(/\bppid\b/g, 'pid');
}

/** The same in the older form. A key is there when its value is not zero: those asked for begin with a time or a size. */
export function toDialect(script: string): string {
  const isTuple = (map: string): boolean => new RegExp(`${map}\\[[^=]*\\] = \\(`).test(script);
  const isThere = (_all: string, map: string, key: string): string =>
    isTuple(map) ? `${map}[${key}].0` : `${map}[${key}]`;
  return script
    .replace(/\bargs\.(\w+)/g, 'args->$1')
    .replace(/\bhas_key\((@\w*), \(([^()]*)\)\)/g, isThere)
    .replace(new RegExp(`\\bhas_key\\((@\\w*), ${ARGUMENT}\\)`, 'g'), isThere)
    .replace(/\bdelete\((@\w*), \(([^()]*)\)\)/g, 'delete($1[$2])')
    .replace(new RegExp(`\\bdelete\\((@\\w*), ${ARGUMENT}\\)`, 'g'), 'delete($1[$2])')
    .replace(/\binterval:(\d+)(m?s)\b/g, 'interval:$2:$1')
    .replace(/\bbegin\b/g, 'BEGIN')
    .replace(/\bend\b/g, 'END');
}

function withoutComments(script: string): string {
  return script.replace(/^#!.*\n/, '').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}
