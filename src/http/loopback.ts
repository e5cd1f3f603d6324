import { BlockList, isIP } from 'node:net';

/** Whether an IP address can be reached from this machine alone: 127.0.0.0/8 or ::1, also mapped into IPv6. */
export function isLoopbackAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  return loopback.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** Whether the host of a URL or `Host` header, without its port, names this machine: `localhost`, 127.x or [::1]. */
export function isLoopbackHost(host: string): boolean {
  return host.toLowerCase() === 'localhost' || isLoopbackAddress(host.replace(/^\[(.*)\]$/, '$1'));
}
