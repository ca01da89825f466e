/** Work of this process that is done one after the other, by a name. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Does `work` when everything that was asked for under `name` before is done, whether or not it succeeded. */
  take<R>(name: string, work: () => Promise<R>): Promise<R> {
    const turn = (this.last.get(name) ?? Promise.resolve()).then(work);
    const settled = turn.then(
      () => {},
      () => {},
    );
    this.last.set(name, settled);
    settled.then(() => {
      if (this.last.get(name) === settled) this.last.delete(name);
    });
    return turn;
  }
}
