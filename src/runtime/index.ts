export type { InstallProgress, WheelClient } from './fetch-options';
export { type FindRuntimeOptions, findRuntime } from './find';
export type { PaddleBuild, PaddleRuntime, RuntimeSource } from './inspect';
export { type InstallOptions, installRuntime } from './install';
export { type InstalledRuntime, listRuntimes } from './manifest';
export { DEFAULT_GPU_VERSION, DEFAULT_VERSION, KNOWN_RELEASES, type PaddleRelease } from './releases';
export { removeRuntime } from './remove';
