import { statfs } from './fs';

/** What is needed and what is free, if a folder's disk has too little room for a number of bytes. */
export async function describeLackOfRoom(folder: string, needed: number): Promise<string | undefined> {
  const disk = await statfs(folder);
  const free = disk.bavail * disk.bsize;
  if (free >= needed) return undefined;
  const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
  return `Expected ${megabytes(needed)} free for ${folder} but received ${megabytes(free)}`;
}
