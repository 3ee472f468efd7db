import type { FollowedObject } from '../objects/followed-object';

/** A class with what was counted of it. */
export type ClassRow<Name extends string> = { readonly classId: number; readonly label: string } & {
  readonly [N in Name]: number;
};

/** Counts under some names, for each class. */
export class ClassCounts<Name extends string> {
  private readonly rows = new Map<number, { classId: number; label: string } & Record<Name, number>>();

  constructor(private readonly names: readonly Name[]) {}

  add({ classId, label }: Pick<FollowedObject, 'classId' | 'label'>, name: Name): void {
    const row = this.rows.get(classId) ?? { classId, label: label ?? `class ${classId}`, ...this.zeros() };
    (row as Record<Name, number>)[name]++;
    this.rows.set(classId, row);
  }

  get total(): { readonly [N in Name]: number } {
    const sum = this.zeros();
    for (const row of this.rows.values()) for (const name of this.names) sum[name] += row[name] as number;
    return sum;
  }

  /** By the numbers of the classes. */
  get byClass(): ClassRow<Name>[] {
    return [...this.rows.values()].map((row) => ({ ...row })).sort((a, b) => a.classId - b.classId);
  }

  copy(): ClassCounts<Name> {
    const copied = new ClassCounts(this.names);
    for (const [classId, row] of this.rows) copied.rows.set(classId, { ...row });
    return copied;
  }

  clear(): void {
    this.rows.clear();
  }

  private zeros(): Record<Name, number> {
    return Object.fromEntries(this.names.map((name) => [name, 0])) as Record<Name, number>;
  }
}
