/** Static linking of BPF objects. */
export { LinkError } from './link-error.ts';
export { type LinkedObject, type LinkFile, linkObjects } from './link-objects.ts';
