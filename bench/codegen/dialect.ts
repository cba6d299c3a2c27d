/** Our scripts as 0.17 reads them: the language had fewer forms, with the same meaning. */
export function toDialect(script: string): string {
  return script
    .replace(/\bargs\.(\w+)/g, 'args->$1')
    .replace(/\bdelete\((@\w*), ([^()]*|[^()]*\([^()]*\)[^()]*)\)/g, 'delete($1[$2])')
    .replace(/\bbegin\b/g, 'BEGIN')
    .replace(/\bend\b/g, 'END');
}
