/** Whether only this machine reaches a server at this host. */
export function isLoopback(host: string): boolean {
  const name = bare(host);
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127\./.test(name);
}

/** Addresses of IPv6 have brackets in URLs. */
export function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
