/** Whether nothing may be downloaded: the option, else PADDLELAB_OFFLINE. */
export function isOffline(option: boolean | undefined, environment: NodeJS.ProcessEnv): boolean {
  return option ?? /^(1|on|yes|true)$/i.test(environment.PADDLELAB_OFFLINE ?? '');
}
