/** The error of an interrupted cell. */
export class Interrupted extends Error {
  constructor() {
    super('The cell was interrupted');
    this.name = 'Interrupted';
  }
}
