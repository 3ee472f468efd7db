interface SideOutput {
  path: string;
  data: string;
}

/** The user's own files as tslab has compiled them; it keeps each one loaded until that very file changes. */
export class SideModules {
  private readonly known = new Map<string, string>();

  /** These files, and those that load them, so that a change reaches whoever imports it by another file. */
  withDependents(changed: readonly SideOutput[] | undefined): SideOutput[] | undefined {
    if (changed === undefined) return undefined;
    for (const { path, data } of changed) this.known.set(path, data);
    const stale = new Set(changed.map(({ path }) => path));
    for (const file of stale) {
      const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.js$/, '');
      for (const [path, data] of this.known) {
        // A file of the same name in another folder is loaded anew for nothing, which does no harm.
        if (data.includes(`/${name}")`) || data.includes(`/${name}.js")`)) stale.add(path);
      }
    }
    return [...stale].map((path) => ({ path, data: this.known.get(path) ?? '' }));
  }
}
