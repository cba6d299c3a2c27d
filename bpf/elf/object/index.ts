/** BPF objects: reading them. */
export { kernelMapName } from './data-maps.ts';
export { type KconfigOptions, type KconfigResult, resolveKconfig, withKconfig } from './kconfig.ts';
export { type LoadableOptions, type LoadableResult, loadable } from './loadable.ts';
export { type ReadObjectOptions, type ReadObjectResult, readObject } from './read.ts';
