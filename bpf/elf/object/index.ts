/** BPF objects: reading them. */
export { kernelMapName } from './data-maps.ts';
export { type KconfigOptions, type KconfigResult, resolveKconfig, withKconfig } from './kconfig.ts';
export { LineTexts, placeOf, type SourcePlace } from './line-text.ts';
export { type ReadObjectResult, readObject } from './read.ts';
