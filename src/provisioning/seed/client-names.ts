import { SeedError } from './seed-error.ts';

/** The applications of a seed, which refers to them by name or by id. */
export class ClientNames {
  private readonly ids = new Map<string, string[]>();
  private readonly known = new Set<string>();

  /** Notes that the application `clientId` is called `name`. */
  add(name: string, clientId: string): void {
    this.ids.set(name, [...(this.ids.get(name) ?? []), clientId]);
    this.known.add(clientId);
  }

  /** The id behind `reference`, a name or an id. SeedError at `at` when it is neither, or the name of several. */
  require(reference: unknown, at: string): string {
    if (typeof reference !== 'string')
      throw new SeedError(`${at}: must be the name or the client_id of an application`);
    if (this.known.has(reference)) return reference;
    const [id, ...more] = this.ids.get(reference) ?? [];
    if (!id) throw new SeedError(`${at}: there is no application ${reference}`);
    if (more.length > 0) throw new SeedError(`${at}: several applications are called ${reference}; use the client_id`);
    return id;
  }
}
