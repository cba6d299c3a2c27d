/** Objects that do not go together; the message names the files and what disagrees. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
}
