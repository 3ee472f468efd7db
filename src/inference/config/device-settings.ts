import { anyText, boolean, fraction, integer, type OptionChecks, readOptions, text } from '../../options';
import { checkBoolean, checkInteger, checkString } from '../../validate';
import { type Precision, precisionCode } from './precision';
import { ConfigRecorder, checkNames } from './recorder';

/** Settings of a Kunlun XPU. */
export interface XpuOptions {
  /** Bytes of on-chip memory; 16 MiB by default. */
  readonly l3Size?: number;
  readonly l3Locked?: boolean;
  readonly convAutotune?: boolean;
  readonly convAutotuneFile?: string;
  /** `int16` by default. */
  readonly transformerEncoderPrecision?: string;
  readonly transformerEncoderAdaptiveSeqlen?: boolean;
  readonly enableMultiStream?: boolean;
}

const xpuChecks = {
  l3Size: integer(0),
  l3Locked: boolean,
  convAutotune: boolean,
  convAutotuneFile: anyText,
  transformerEncoderPrecision: text,
  transformerEncoderAdaptiveSeqlen: boolean,
  enableMultiStream: boolean,
} satisfies OptionChecks<XpuOptions>;

/** Settings of a Graphcore IPU. */
export interface IpuOptions {
  readonly enableFp16?: boolean;
  readonly replicaNum?: number;
  /** Share of the IPU's memory, 0 to 1; all by default. */
  readonly availableMemoryProportion?: number;
  readonly enableHalfPartial?: boolean;
  readonly enableModelRuntimeExecutor?: boolean;
}

const ipuChecks = {
  enableFp16: boolean,
  replicaNum: integer(1),
  availableMemoryProportion: fraction,
  enableHalfPartial: boolean,
  enableModelRuntimeExecutor: boolean,
} satisfies OptionChecks<IpuOptions>;

/**
 * Devices other than CPUs and NVIDIA GPUs. Each needs a special build of Paddle; the official wheels don't support
 * them.
 */
export abstract class DeviceSettings extends ConfigRecorder {
  /** Runs on a Kunlun XPU. Paddle 2.6, 3.x; XPU builds, DEVICE_UNAVAILABLE elsewhere. */
  enableXpu(options: XpuOptions = {}): void {
    const given = readOptions('enableXpu', options, xpuChecks);
    this.record(
      'EnableXpu',
      given.l3Size ?? 0x1000000,
      given.l3Locked ?? false,
      given.convAutotune ?? false,
      given.convAutotuneFile ?? '',
      given.transformerEncoderPrecision ?? 'int16',
      given.transformerEncoderAdaptiveSeqlen ?? false,
      given.enableMultiStream ?? false,
    );
  }

  /** Which XPU; 0 by default. Paddle 2.6, 3.x; XPU builds. */
  setXpuDeviceId(deviceId = 0): void {
    this.record('SetXpuDeviceId', checkInteger('deviceId', deviceId, 0));
  }

  /** Whether an XPU is used, read back from Paddle. */
  useXpu(): Promise<boolean> {
    return this.flag('use_xpu');
  }

  /** The XPU's number, read back from Paddle. */
  xpuDeviceId(): Promise<number> {
    return this.number('xpu_device_id');
  }

  /**
   * Runs on a plug-in device, by its name: `npu`, `mlu`, `gcu`, `metax_gpu`, `iluvatar_gpu` … Refused with
   * DEVICE_UNAVAILABLE unless a folder of `CUSTOM_DEVICE_ROOT` has a plug-in for it, because Paddle ends the process
   * without one. Paddle 2.6, 3.x; any build with plug-in support.
   */
  enableCustomDevice(deviceType: string, deviceId = 0, precision: Precision = 'fp32'): void {
    checkString('deviceType', deviceType);
    checkInteger('deviceId', deviceId, 0);
    this.record('EnableCustomDevice', deviceType, deviceId, precisionCode('precision', precision));
  }

  /** Runs on Graphcore IPUs. Paddle 2.6, 3.x; IPU builds, DEVICE_UNAVAILABLE elsewhere. */
  enableIpu(deviceNum = 1, microBatchSize = 1, enablePipelining = false, batchesPerStep = 1): void {
    checkInteger('deviceNum', deviceNum, 1);
    checkInteger('microBatchSize', microBatchSize, 1);
    checkBoolean('enablePipelining', enablePipelining);
    this.record(
      'EnableIpu',
      deviceNum,
      microBatchSize,
      enablePipelining,
      checkInteger('batchesPerStep', batchesPerStep, 1),
    );
  }

  /** Settings of an IPU. Paddle 2.6, 3.x; IPU builds. */
  setIpuConfig(options: IpuOptions = {}): void {
    const given = readOptions('setIpuConfig', options, ipuChecks);
    this.record(
      'SetIpuConfig',
      given.enableFp16 ?? false,
      given.replicaNum ?? 1,
      given.availableMemoryProportion ?? 1,
      given.enableHalfPartial ?? false,
      given.enableModelRuntimeExecutor ?? false,
    );
  }

  /** Custom operators and patterns of an IPU. Paddle 2.6, 3.x; IPU builds. */
  setIpuCustomInfo(
    customOps: readonly (readonly string[])[] = [],
    customPatterns: Readonly<Record<string, boolean>> = {},
  ): void {
    const operators = customOps.map((operator, i) => checkNames(`customOps[${i}]`, operator));
    for (const [name, enabled] of Object.entries(customPatterns)) checkBoolean(name, enabled);
    this.record('SetIpuCustomInfo', operators, { ...customPatterns });
  }

  /** Reads an IPU's settings from a file. Paddle 2.6, 3.x; IPU builds. */
  loadIpuConfig(file: string): void {
    this.record('LoadIpuConfig', checkString('file', file));
  }
}
