import { packAll } from '../../src/dev/pack';

/** The archives of `npm run pack`. */
export interface Archives {
  readonly main: string;
  /** The compiled addon. */
  readonly platform: string;
  readonly lessons: string;
}

/** Packs everything as it is released, into a folder. */
export async function packPackages(folder: string): Promise<Archives> {
  const [main, platform, lessons] = (await packAll(folder)) as [string, string, string];
  return { main, platform, lessons };
}
